/* Charts that become live when they are touched. Vega and the chart's own script come then and not before, as classic scripts. */
(function () {
  "use strict";
  const here = document.currentScript ? document.currentScript.src.replace(/live\.js.*$/, "") : "static/", loads = {};
  let tip = null;
  function load(source, found) {
    if (!loads[source]) {
      loads[source] = new Promise(function (done, failed) {
        const script = document.createElement("script");
        script.src = source;
        script.onload = function () { done(found()); };
        script.onerror = failed;
        document.head.appendChild(script);
      });
    }
    return loads[source];
  }
  function said(value) {
    if (value === null || value === undefined || value === "") { return ""; }
    return typeof value === "object" ? Object.keys(value).map(function (key) { return key + ": " + value[key]; }).join(" · ") : String(value);
  }
  function tell(figure, event, text) {
    figure.querySelector("output.told").textContent = text;
    if (!tip) {
      tip = document.createElement("div");
      tip.className = "tip";
      tip.setAttribute("aria-hidden", "true");
      document.body.appendChild(tip);
    }
    tip.hidden = !text || !event || event.clientX === undefined;
    if (tip.hidden) { return; }
    tip.textContent = text;
    tip.style.left = Math.max(4, Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 4)) + "px";
    tip.style.top = Math.max(4, event.clientY - tip.offsetHeight - 12) + "px";
  }
  /* Draws a figure's chart in place of its picture; `change` may put other data into it first. Where that fails the picture stays. */
  function show(figure, change) {
    const drawn = figure.querySelector(".drawn"), button = figure.querySelector("button.wake");
    const turn = String(Number(figure.dataset.turn || 0) + 1), focused = button && document.activeElement === button;
    figure.dataset.live = "asked";
    figure.dataset.turn = turn;
    return Promise.all([
      load(here + "older.js", function () { return true; }).then(function () {
        return load(here + "vega.js", function () { return window.vegaEmbed; });
      }), load(figure.dataset.spec, function () { return window.tiduCharts; })
    ]).then(function (found) {
      if (figure.dataset.turn !== turn) { return null; }
      if (!found[0] || !found[1]) { throw new Error("no chart"); }
      const spec = JSON.parse(JSON.stringify(found[1][figure.dataset.chart])), place = document.createElement("div");
      spec.config = Object.assign({}, spec.config, { mark: Object.assign({ tooltip: { content: "encoding" } }, (spec.config || {}).mark) });
      if (change) { change(spec); }
      if (spec.hconcat && drawn.clientWidth < 480) { spec.vconcat = spec.hconcat; delete spec.hconcat; }
      return found[0](place, spec, {
        actions: false, ast: true, defaultStyle: false, renderer: "svg", mode: "vega-lite",
        tooltip: function (handler, event, item, value) { tell(figure, event, said(value)); }
      }).then(function () {
        const picture = place.querySelector("svg"), label = drawn.getAttribute("aria-label") || figure.dataset.said || "";
        if (picture) { picture.setAttribute("role", "img"); picture.removeAttribute("aria-roledescription"); }
        if (picture && label) { picture.setAttribute("aria-label", label); }
        drawn.replaceChildren(place);
        figure.dataset.live = "yes";
        if (button) { button.hidden = true; }
        if (focused) { drawn.tabIndex = Math.max(drawn.tabIndex, -1); drawn.focus(); }
      });
    }).catch(function (broken) {
      figure.dataset.live = "no";
      figure.querySelector("output.told").textContent = document.body.dataset.liveFails;
      if (window.console) { window.console.warn(broken); }
    });
  }
  function wake(figure) { if (!figure.dataset.live) { show(figure, figure.tiduChange); } }
  document.querySelectorAll("figure[data-chart]").forEach(function (figure) {
    const button = figure.querySelector("button.wake"), drawn = figure.querySelector(".drawn");
    if (button) { button.hidden = false; button.addEventListener("click", function () { wake(figure); }); }
    drawn.addEventListener("pointerenter", function (event) { if (event.pointerType === "mouse") { wake(figure); } });
    drawn.addEventListener("pointerleave", function () { if (tip) { tip.hidden = true; } });
    drawn.addEventListener("focus", function () { wake(figure); });
    /* A finger on a picture of links follows the link. */
    if (!drawn.querySelector("a")) { drawn.addEventListener("pointerdown", function () { wake(figure); }); }
  });
  window.tiduLive = show;
})();
