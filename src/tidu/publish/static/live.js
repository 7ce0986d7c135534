/* Charts that become live when they are touched: vega.js and the page's own script hold all they need; nothing is fetched. */
(function () {
  "use strict";
  const charts = (window.tidu && window.tidu.charts) || {};
  const here = document.currentScript ? document.currentScript.src.replace(/live\.js.*$/, "") : "static/";
  let loading = null;
  function vega() {
    if (!loading) {
      loading = new Promise(function (done, failed) {
        const script = document.createElement("script");
        script.src = here + "vega.js";
        script.onload = function () { done(window.vegaEmbed); };
        script.onerror = failed;
        document.head.appendChild(script);
      });
    }
    return loading;
  }
  function wake(figure) {
    if (figure.dataset.live) { return; }
    figure.dataset.live = "asked";
    const place = figure.querySelector(".drawn > *"), told = figure.querySelector("output.told"), still = Array.prototype.slice.call(place.childNodes);
    const spec = JSON.parse(JSON.stringify(charts[figure.dataset.chart]));
    spec.config = Object.assign({}, spec.config, { mark: Object.assign({ tooltip: { content: "encoding" } }, (spec.config || {}).mark) });
    vega().then(function (embed) {
      return embed(place, spec, {
        actions: false, ast: true, defaultStyle: false, renderer: "svg", mode: "vega-lite",
        tooltip: function (handler, event, item, value) {
          told.textContent = value === null || value === undefined || value === "" ? ""
            : typeof value === "object" ? Object.keys(value).map(function (key) { return key + ": " + value[key]; }).join(" · ") : String(value);
        }
      });
    }).then(function () { figure.dataset.live = "yes"; }, function (broken) {
      place.replaceChildren.apply(place, still);
      figure.dataset.live = "no";
      if (window.console) { window.console.warn(broken); }
    });
    const button = figure.querySelector("button.wake");
    if (button) { button.hidden = true; }
  }
  document.querySelectorAll("figure[data-chart]").forEach(function (figure) {
    if (!charts[figure.dataset.chart]) { return; }
    const button = figure.querySelector("button.wake");
    if (button) { button.hidden = false; button.addEventListener("click", function () { wake(figure); }); }
    const drawn = figure.querySelector(".drawn");
    drawn.addEventListener("pointerenter", function (event) { if (event.pointerType === "mouse") { wake(figure); } });
    drawn.addEventListener("pointerdown", function () { wake(figure); });
  });
})();
