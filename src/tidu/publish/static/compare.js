/* Units side by side: chosen here, kept in the address, the gap of two of them taken apart. Data: window.tidu, a classic script. */
(function () {
  "use strict";
  var data = window.tidu, chooser = document.getElementById("chooser"), picked = document.getElementById("picked");
  if (!data || !chooser) { return; }
  var table = document.getElementById("beside-table"), gap = document.getElementById("gap-table");
  var pairs = document.getElementById("pairs"), said = document.getElementById("gap-said"), told = chooser.querySelector("output"), fits = document.getElementById("fits");
  var SVG = "http://www.w3.org/2000/svg", exact = document.getElementById("gap").dataset.exact === "yes";
  var by = Object.create(null), chosen = [];
  data.units.forEach(function (unit) { by[unit.code] = unit; });

  function add(parent, tag, text, kind) {
    var made = document.createElement(tag);
    if (text !== undefined) { made.textContent = text; }
    if (kind) { made.className = kind; }
    parent.appendChild(made);
    return made;
  }
  function number(value, digits) { return value === null || value === undefined ? "—" : value.toFixed(digits); }
  function signed(value) { return (value < 0 ? "-" : "+") + Math.abs(value).toFixed(2); }
  function fill(text, values) { return text.replace(/%(\d)/g, function (all, at) { return values[at - 1]; }); }
  function bar(value, most) {
    var svg = document.createElementNS(SVG, "svg"), width = most > 0 ? 50 * Math.abs(value) / most : 0;
    var parts = [["line", { x1: 0, x2: 100, y1: 9.5, y2: 9.5, "class": "axis" }],
      ["rect", { x: value < 0 ? 50 - width : 50, width: width, y: 1, height: 8, "class": value < 0 ? "second" : "up" }]];
    svg.setAttribute("class", "rate");
    svg.setAttribute("viewBox", "0 0 100 10");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("aria-hidden", "true");
    parts.forEach(function (part) {
      var made = document.createElementNS(SVG, part[0]);
      Object.keys(part[1]).forEach(function (key) { made.setAttribute(key, part[1][key]); });
      svg.appendChild(made);
    });
    return svg;
  }
  /* The units that fit what was typed, those without a score among them; those chosen already only where there is no other. */
  function found(words) {
    var all = data.units.concat(data.without), named = all.filter(function (unit) { return unit.name === words.trim(); });
    var like = named.length ? named : window.tiduFind.among(all.map(function (unit) { return unit.find; }), words).map(function (at) { return all[at]; });
    var scored = like.filter(function (unit) { return unit.code; });
    like = scored.length ? scored : like;
    var rest = like.filter(function (unit) { return chosen.indexOf(unit.code) < 0; });
    return rest.length ? rest : like;
  }
  function noScore(like) {
    told.textContent = fill(picked.dataset.scoreless, [like.map(function (unit) { return unit.name; }).join(picked.dataset.comma)]);
    like.forEach(function (unit) {
      add(add(fits, "li"), "a", unit.name).href = table.dataset.root + "city/" + unit.slug + ".html";
    });
  }
  function choose(unit) {
    fits.textContent = told.textContent = "";
    if (chosen.indexOf(unit.code) < 0) {
      if (chosen.length >= data.most) { told.textContent = picked.dataset.full; return; }
      chosen.push(unit.code);
    }
    chooser.elements.q.value = "";
    show(true);
  }
  function remember() {
    var hash = "#c=" + chosen.map(encodeURIComponent).join(",");
    try { window.history.replaceState(null, "", hash); } catch (refused) { window.location.hash = hash; }
  }
  function named() {
    picked.textContent = "";
    chosen.forEach(function (code) {
      var item = add(picked, "li", by[code].name + " ");
      if (chosen.length > 2) {
        var button = add(item, "button", "×");
        button.type = "button";
        button.setAttribute("aria-label", picked.dataset.remove + " " + by[code].name);
        button.addEventListener("click", function () {
          chosen.splice(chosen.indexOf(code), 1);
          show(true);
          chooser.elements.q.focus();
        });
      }
    });
  }
  function beside() {
    var head = table.tHead.rows[0], body = table.tBodies[0];
    while (head.cells.length > 1) { head.deleteCell(1); }
    chosen.forEach(function (code) {
      var cell = add(head, "th", undefined, "n"), link = add(cell, "a", by[code].name);
      cell.scope = "col";
      link.href = table.dataset.root + "city/" + by[code].slug + ".html";
      if (by[code].best !== null) {
        add(add(cell, "div", table.dataset.range + " ", "small"), "span", Math.floor(by[code].best) + "–" + Math.ceil(by[code].worst), "whole");
      }
    });
    data.nodes.forEach(function (node, k) {
      var row = body.rows[k];
      while (row.cells.length > 1) { row.deleteCell(1); }
      var scores = chosen.map(function (code) { return by[code].scores[k]; });
      var top = Math.max.apply(null, scores.filter(function (score) { return score !== null; }));
      chosen.forEach(function (code, at) {
        var cell = add(row, "td", undefined, "n");
        add(cell, scores[at] !== null && scores[at] === top ? "b" : "span", number(scores[at], 1));
        cell.appendChild(document.createTextNode(" "));
        add(cell, "span", by[code].ranks[k] === null ? "—" : rankSaid(by[code].ranks[k]), "small");
      });
    });
  }
  var rankText = table.dataset.rank;
  function rankSaid(rank) { return rankText.replace("%1", rank); }
  var drawn = gap && gap.tBodies[0].cloneNode(true), words = said && said.textContent;
  function split() {
    if (!gap || !said) { return; }
    var one = by[pairs.querySelector("[name=one]").value] || by[chosen[0]];
    var two = by[pairs.querySelector("[name=two]").value] || by[chosen[1]];
    var total = one.scores[0] - two.scores[0], rows = [], most = 0, body = gap.tBodies[0];
    if (!exact && [one.code, two.code].join("|") === said.dataset.first) { body.replaceWith(drawn.cloneNode(true)); said.textContent = words; return; }
    data.nodes.forEach(function (node, k) {
      if (k === 0) { return; }
      var part = exact ? one.parts[k] - two.parts[k] : null;
      if (!exact && node.depth === 1 && one.scores[k] !== null && two.scores[k] !== null) { part = one.scores[k] - two.scores[k]; }
      if (part !== null) { rows.push([node, part]); most = Math.max(most, Math.abs(part)); }
    });
    said.textContent = fill(said.dataset.said, [one.name, two.name, signed(total)]) + " " + (exact ? said.dataset.exact : said.dataset.inexact);
    body.textContent = "";
    rows.forEach(function (row) {
      var line = add(body, "tr", undefined, "depth-" + row[0].depth);
      add(line, "th", row[0].label).scope = "row";
      add(line, "td").appendChild(bar(row[1], most));
      add(line, "td", signed(row[1]), "n");
    });
  }
  function choices() {
    if (!gap) { return; }
    pairs.hidden = chosen.length < 3;
    ["one", "two"].forEach(function (name, at) {
      var select = pairs.querySelector("[name=" + name + "]"), kept = select.value;
      select.textContent = "";
      chosen.forEach(function (code) { add(select, "option", by[code].name).value = code; });
      select.value = chosen.indexOf(kept) >= 0 && chosen.length > 2 ? kept : chosen[at];
    });
  }
  /* The picture: the server's of the first two units, or one drawn here of the chosen ones. */
  var picture = document.querySelector("figure[data-chart=pair]"), drawnFor = chosenKey(data.units.slice(0, 2).map(function (unit) { return unit.code; }));
  function chosenKey(codes) { return codes.join("|"); }
  function nameOf(code) {
    return data.units.filter(function (unit) { return unit.name === by[code].name; }).length > 1 ? by[code].name + " (" + code + ")" : by[code].name;
  }
  function intoChart(spec) {
    var about = document.getElementById("pair").dataset, lines = [], dots = [];
    data.nodes.forEach(function (node, k) {
      if (node.depth > 1) { return; }
      var label = k === 0 ? about.overall : node.label, scores = chosen.map(function (code) { return by[code].scores[k]; });
      if (scores.indexOf(null) >= 0) { return; }
      lines.push({ node: label, one: Math.min.apply(null, scores), two: Math.max.apply(null, scores) });
      chosen.forEach(function (code, at) {
        dots.push({ node: label, who: nameOf(code), score: scores[at], said: fill(about.dot, [nameOf(code), label, number(scores[at], 1)]) });
      });
    });
    var wide = picture.clientWidth - 32, letters = lines.map(function (line) {
      return line.node.split("").reduce(function (sum, letter) { return sum + (letter > "\u2e7f" ? 12 : 6.4); }, 0);
    });
    spec.width = Math.max(120, Math.min(720, wide - Math.max.apply(null, [0].concat(letters)) - 36));
    if (wide < 480) { spec.config.legend = Object.assign({}, spec.config.legend, { columns: 1 }); }
    spec.datasets[spec.layer[0].data.name] = lines;
    spec.datasets[spec.layer[1].data.name] = dots;
  }
  function caption() {
    var about = document.getElementById("pair").dataset, names = chosen.map(nameOf);
    var text = fill(about.said, [names.slice(0, -1).join(about.comma), names[names.length - 1]]);
    picture.querySelector("figcaption").firstChild.data = text + " ";
    picture.querySelectorAll("[aria-label]").forEach(function (one) { one.setAttribute("aria-label", text); });
  }
  function draw(asked) {
    if (!picture) { return; }
    if (!window.tiduLive) { caption(); return; }
    var same = chosenKey(chosen) === drawnFor, alive = Boolean(picture.dataset.live);
    picture.tiduChange = intoChart;
    picture.classList.toggle("stale", !same && !alive);
    caption();
    if (alive || (asked && !same)) {
      window.tiduLive(picture, intoChart).then(function () { if (picture.dataset.live === "yes") { picture.classList.remove("stale"); } });
    }
  }
  function show(asked) { named(); beside(); choices(); split(); remember(); draw(asked === true); }
  chooser.hidden = false;
  chooser.addEventListener("submit", function (event) {
    event.preventDefault();
    var like = found(chooser.elements.q.value);
    fits.textContent = "";
    var near = !like.length;
    if (near) { like = window.tiduFind.alike(data.units.map(function (unit) { return unit.find; }), chooser.elements.q.value).map(function (at) { return data.units[at]; }); }
    if (!like.length) { told.textContent = picked.dataset.unknown; return; }
    if (!like[0].code) { noScore(like); return; }
    if (like.length === 1 && !near) { choose(like[0]); return; }
    told.textContent = near ? picked.dataset.near : fill(picked.dataset.several, [like.length]);
    like.forEach(function (unit) {
      var button = add(add(fits, "li"), "button", unit.name);
      button.type = "button";
      button.addEventListener("click", function () { choose(unit); });
    });
  });
  if (pairs) { pairs.addEventListener("change", split); }
  function plainly(text) { try { return decodeURIComponent(text); } catch (broken) { return ""; } }
  function start() {
    var match = /[#&]c=([^&]*)/.exec(window.location.hash), asked = match ? match[1].split(",").map(plainly) : [];
    chosen = asked.filter(function (code, at) { return by[code] && asked.indexOf(code) === at; }).slice(0, data.most);
    var own = chosen.length, added = [];
    data.units.forEach(function (unit) {
      if (chosen.length < 2 && chosen.indexOf(unit.code) < 0) { chosen.push(unit.code); added.push(unit.name); }
    });
    var strange = asked.filter(function (code) { return code && !by[code]; });
    told.textContent = (strange.length ? strange.join(picked.dataset.comma) + ": " + picked.dataset.unknown + " " : "") +
      (own === 1 ? fill(picked.dataset.added, [added[0], by[chosen[0]].name]) : "");
    show(own > 0);
  }
  window.addEventListener("hashchange", function () { start(); });
  start();
})();
