/* The weights bench: sliders and switches, the ranking that follows, scenarios, and the server's own build beside it. */
(function () {
  "use strict";
  const data = window.tidu && window.tidu.bench, home = document.getElementById("bench");
  if (!data || !home || !window.tiduSums || !data.ways.length) { return; }
  const bench = window.tiduSums.Bench(data), form = home.querySelector("form"), FIRST = 20;
  const STEPS = ["treat", "normalise", "aggregate"], NS = "http://www.w3.org/2000/svg";
  const node = Object.create(null), state = { weights: {}, keys: {}, unit: null, all: false };
  data.nodes.forEach(function (one) { node[one.code] = one; });
  const tops = data.nodes.filter(function (one) { return one.parent === data.root; });
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  /* --- words and elements --- */
  function say(key, values) {
    return data.say[key].replace(/\{(\w+)\}/g, function (whole, name) { return values && name in values ? String(values[name]) : whole; });
  }
  function make(kind, text, kin) {
    const made = document.createElement(kind);
    if (text !== undefined && text !== null) { made.textContent = text; }
    if (kin) { made.className = kin; }
    return made;
  }
  function find(selector) { return home.querySelector(selector); }
  function percent(share) { return Math.round(100 * share) + "%"; }
  const told = find(".told"), agree = find(".agree"), body = find("table.live tbody"), code = find(".command code");

  /* --- what is set --- */
  function weights() {
    const out = {};
    data.nodes.forEach(function (one) { out[one.code] = one.code in state.weights ? state.weights[one.code] : one.weight; });
    return out;
  }
  function way() {
    return data.ways.find(function (one) { return STEPS.every(function (step, k) { return one.options[k] === state.keys[step]; }); });
  }
  function moved() { return Object.keys(state.weights).length > 0; }
  function untouched() { return data.followed && !moved() && way() === data.ways[0]; }
  /* The changes to the index file that give the same, as the library takes them. */
  function changes() {
    const found = way() ? way().changes.slice() : [];
    if (moved()) {
      data.freed.forEach(function (one) { found.push(one); });
      data.nodes.forEach(function (one) {
        if (data.freed.length || one.code in state.weights) {
          found.push(one.address + "=" + (one.code in state.weights ? state.weights[one.code] : one.weight));
        }
      });
    }
    return found;
  }
  /* The slider's travel: 0 to 100, the largest weight among siblings in the file at 25. */
  function unit(one) {
    return Math.max.apply(null, bench.children[one.parent].map(function (child) { return node[child].weight; })) / 25;
  }
  function put(one, value) {
    if (value === one.weight) { delete state.weights[one.code]; } else { state.weights[one.code] = value; }
  }

  /* --- addresses: the setting in the part after # --- */
  function written() {
    const parts = [];
    const own = Object.keys(state.weights).map(function (one) { return encodeURIComponent(one) + ":" + state.weights[one]; });
    if (own.length) { parts.push("w=" + own.join(",")); }
    STEPS.forEach(function (step) { if (state.keys[step] !== data.ways[0].options[STEPS.indexOf(step)]) { parts.push(step + "=" + encodeURIComponent(state.keys[step])); } });
    if (state.unit !== null) { parts.push("unit=" + encodeURIComponent(data.units[state.unit])); }
    return parts.join("&");
  }
  function reset() {
    state.weights = {};
    STEPS.forEach(function (step, k) { state.keys[step] = data.ways[0].options[k]; });
  }
  function readAddress(text) {
    reset();
    state.unit = null;
    text.replace(/^#/, "").split("&").forEach(function (part) {
      const at = part.indexOf("="), key = part.slice(0, at), value = part.slice(at + 1);
      if (key === "w") {
        value.split(",").forEach(function (pair) {
          const cut = pair.lastIndexOf(":"), name = plainly(pair.slice(0, cut)), number = Number(pair.slice(cut + 1));
          if (node[name] && Number.isFinite(number) && number >= 0 && number < 1e6) { put(node[name], number); }
        });
      } else if (STEPS.indexOf(key) >= 0 && options(key).indexOf(plainly(value)) >= 0) {
        state.keys[key] = plainly(value);
      } else if (key === "unit" && data.units.indexOf(plainly(value)) >= 0) {
        state.unit = data.units.indexOf(plainly(value));
      }
    });
  }
  function plainly(text) { try { return decodeURIComponent(text); } catch (broken) { return ""; } }
  function options(step) { return data.ways.map(function (one) { return one.options[STEPS.indexOf(step)]; }); }

  /* --- drawing --- */
  function controls() {
    const now = weights();
    home.querySelectorAll(".weight").forEach(function (row) {
      const one = node[row.dataset.node], slider = row.querySelector("input");
      let total = 0;
      bench.children[one.parent].forEach(function (child) { total += now[child]; });
      const share = percent(total > 0 ? now[one.code] / total : 0);
      row.querySelector("output").textContent = share;
      row.classList.toggle("moved", one.code in state.weights);
      if (slider !== document.activeElement || Math.abs(Number(slider.value) * unit(one) - now[one.code]) > unit(one)) {
        slider.value = String(Math.round(now[one.code] / unit(one)));
      }
      slider.setAttribute("aria-valuetext", say("bench_weight_of", { weight: Number(now[one.code].toPrecision(4)), share: share }));
    });
    STEPS.forEach(function (step) { form.elements[step].value = state.keys[step]; });
    STEPS.forEach(function (step, k) {
      Array.prototype.forEach.call(form.elements[step].options, function (choice) {
        choice.disabled = !data.ways.some(function (one) {
          return STEPS.every(function (other, at) { return one.options[at] === (at === k ? choice.value : state.keys[other]); });
        });
      });
    });
  }

  /* A city's score as a bar of its first-level nodes, or as one bar where parts do not add up. */
  function barOf(u, scores, top, additive) {
    const wide = 150, bar = document.createElementNS(NS, "svg");
    bar.setAttribute("viewBox", "0 0 " + wide + " 12");
    bar.setAttribute("class", "parts");
    bar.setAttribute("preserveAspectRatio", "none");
    bar.setAttribute("aria-hidden", "true");
    let at = 0;
    const parts = additive ? tops.map(function (one) { return additive[one.code] * scores[one.code][u]; }) : [scores[data.root][u] - top.low];
    parts.forEach(function (part, k) {
      if (Number.isNaN(part)) { return; }
      const piece = document.createElementNS(NS, "rect"), length = Math.max(0, wide * part / (top.high - (additive ? 0 : top.low)));
      piece.setAttribute("x", at.toFixed(2));
      piece.setAttribute("width", length.toFixed(2));
      piece.setAttribute("height", "12");
      piece.setAttribute("class", "p" + k % 6);
      at += length;
      bar.appendChild(piece);
    });
    return bar;
  }
  function shift(u, rank) {
    const was = data.ranks[u], by = was === null || rank === null ? null : was - rank, cell = make("span");
    if (by === null || by === 0) { cell.textContent = by === null ? "—" : "="; cell.className = "same"; } else {
      cell.textContent = (by > 0 ? "▲ " : "▼ ") + Math.abs(by);
      cell.className = by > 0 ? "up" : "down";
      cell.setAttribute("aria-label", say(by > 0 ? "bench_up" : "bench_down", { count: Math.abs(by) }));
      cell.setAttribute("role", "img");
    }
    return cell;
  }
  function cityLink(u) {
    if (data.slugs[u] === null) { return make("span", data.names[u]); }
    const link = make("a", data.names[u]);
    link.href = "city/" + data.slugs[u] + ".html";
    return link;
  }
  const lines = new Map();
  function lineOf(u) {
    if (!lines.has(u)) {
      const row = make("tr"), head = make("th");
      head.scope = "row";
      head.appendChild(cityLink(u));
      row.append(make("td", "", "n"), make("td", "", "n"), head, make("td", "", "n"), make("td", "", "wide-only"), make("td", "", "n"));
      row.dataset.unit = data.units[u];
      lines.set(u, row);
    }
    return lines.get(u);
  }
  function span(range) { return range ? Math.floor(range[0]) + "–" + Math.ceil(range[1]) : "…"; }
  let later = 0, asked = 0, last = null, before = null;

  function show() {
    controls();
    const line = written();
    try { window.history.replaceState(null, "", line ? "#" + line : window.location.pathname + window.location.search); } catch (refused) { /* a folder may refuse it */ }
    const how = way(), set = changes();
    code.textContent = commandOf(set);
    agree.hidden = true;
    window.clearTimeout(later);
    const now = weights(), made = how ? bench.scores(how, now) : { low: data.root };
    last = null;
    if (!made.scores) {
      nothing();
      told.textContent = made.zero ? say("bench_zero", { node: node[made.zero] ? node[made.zero].label : data.title })
        : say("bench_refused", { why: STEPS.map(function (step) { return form.elements[step].selectedOptions[0] ? form.elements[step].selectedOptions[0].textContent : ""; }).join(" + ") });
      return;
    }
    const root = made.scores[data.root], ranks = window.tiduSums.ranked(root);
    last = { ranks: ranks, scores: made.scores, changes: set };
    const order = data.units.map(function (code, u) { return u; }).filter(function (u) { return ranks[u] !== null; });
    order.sort(function (a, b) { return ranks[a] - ranks[b] || a - b; });
    table(order, ranks, made.scores, how, now);
    tell(order, ranks);
    mine(ranks, null);
    later = window.setTimeout(function () {
      const ranges = bench.ranges(how, now);
      order.forEach(function (u) { lineOf(u).lastChild.textContent = ranges ? span(ranges[u]) : "—"; });
      mine(ranks, ranges);
      home.dataset.ready = line || "file";
      ask(set, ranks);
    }, 180);
  }

  /* Where nothing can be ranked nothing is shown as ranked. */
  function nothing() {
    before = null;
    body.replaceChildren();
    find("ul.legend").replaceChildren();
    find(".movers").hidden = find("[data-do=all]").hidden = find(".mine").hidden = true;
  }

  function table(order, ranks, scores, how, now) {
    const shown = state.all ? order : order.slice(0, FIRST);
    if (!state.all && state.unit !== null && shown.indexOf(state.unit) < 0 && ranks[state.unit] !== null) { shown.push(state.unit); }
    let additive = null, total = 0;
    if (how.joins[data.root][0] === "arithmetic" && tops.every(function (one) { return order.every(function (u) { return !(scores[one.code][u] < 0); }); })) {
      additive = {};
      tops.forEach(function (one) { total += now[one.code]; });
      tops.forEach(function (one) { additive[one.code] = now[one.code] / total; });
    }
    const values = order.map(function (u) { return scores[data.root][u]; }), top = { high: values[0], low: Math.min(0, values[values.length - 1]) };
    const places = new Map();
    if (!still && before) { before.forEach(function (u) { places.set(u, lineOf(u).getBoundingClientRect().top); }); }
    shown.forEach(function (u) {
      const cells = lineOf(u).children;
      cells[0].textContent = ranks[u];
      cells[1].replaceChildren(shift(u, ranks[u]));
      cells[3].textContent = scores[data.root][u].toFixed(2);
      cells[4].replaceChildren(barOf(u, scores, top, additive));
      cells[5].textContent = "…";
      lineOf(u).classList.toggle("pinned", u === state.unit);
    });
    body.replaceChildren.apply(body, shown.map(lineOf));
    if (!still && before && body.animate) {
      shown.forEach(function (u) {
        const line = lineOf(u), by = places.has(u) ? places.get(u) - line.getBoundingClientRect().top : 0;
        if (Math.abs(by) > 1) { line.animate([{ transform: "translateY(" + by + "px)" }, { transform: "none" }], { duration: 260, easing: "ease-out" }); }
      });
    }
    before = shown;
    find("ul.legend").replaceChildren.apply(find("ul.legend"), (additive ? tops : []).map(function (one, k) {
      const item = make("li", one.label), key = document.createElementNS(NS, "svg"), dot = document.createElementNS(NS, "rect");
      key.setAttribute("viewBox", "0 0 10 10");
      key.setAttribute("class", "key");
      dot.setAttribute("width", "10");
      dot.setAttribute("height", "10");
      dot.setAttribute("class", "p" + k % 6);
      key.appendChild(dot);
      item.prepend(key);
      return item;
    }));
    const more = find("[data-do=all]");
    more.hidden = order.length <= FIRST;
    more.setAttribute("aria-expanded", String(state.all));
    more.textContent = state.all ? say("bench_first_rows", { count: FIRST }) : say("bench_all_rows", { count: order.length });
  }

  function tell(order, ranks) {
    const both = order.filter(function (u) { return data.ranks[u] !== null; });
    const by = function (u) { return data.ranks[u] - ranks[u]; };
    const gone = both.filter(function (u) { return by(u) !== 0; });
    const rows = both.slice().sort(function (a, b) { return by(b) - by(a) || a - b; });
    const up = rows.slice(0, 5).filter(function (u) { return by(u) > 0; });
    const down = rows.slice(-5).reverse().filter(function (u) { return by(u) < 0; });
    find(".movers").hidden = !gone.length;
    [["up", up], ["down", down]].forEach(function (side) {
      find("[data-movers=" + side[0] + "]").replaceChildren.apply(find("[data-movers=" + side[0] + "]"), side[1].map(function (u) {
        const item = make("li");
        item.append(cityLink(u), make("span", " " + data.ranks[u] + " → " + ranks[u] + " ", "n"), shift(u, ranks[u]));
        return item;
      }));
      if (!side[1].length) { find("[data-movers=" + side[0] + "]").replaceChildren(make("li", say("bench_none"))); }
    });
    if (untouched()) { told.textContent = say("bench_untouched", { count: order.length }); return; }
    let sum = 0, most = both[0];
    both.forEach(function (u) { sum += Math.abs(by(u)); if (Math.abs(by(u)) > Math.abs(by(most))) { most = u; } });
    told.textContent = both.length ? say("bench_told", {
      moved: gone.length, count: both.length, share: (sum / both.length).toFixed(1), name: data.names[most], was: data.ranks[most], rank: ranks[most]
    }) : "";
  }

  function mine(ranks, ranges) {
    const place = find(".mine");
    place.hidden = state.unit === null || ranks[state.unit] === null;
    if (place.hidden) { return; }
    const u = state.unit, was = data.ranks[u];
    place.replaceChildren(make("b", data.names[u]), make("span", say("bench_rank", { rank: ranks[u] }), "big"), shift(u, ranks[u]));
    if (was !== null) { place.append(make("span", say("bench_was", { was: was }), "of")); }
    if (data.spans[u]) { place.append(make("span", say("bench_spec_range") + ": " + span(data.spans[u]), "of")); }
    if (ranges && ranges[u]) { place.append(make("span", document.querySelector("table.live th:last-child").textContent + ": " + span(ranges[u]), "of")); }
  }

  const command = code.textContent;
  function commandOf(set) {
    return set.length ? command + set.map(function (one) { return " \\\n  --set " + (/^[\w.=+-]+$/.test(one) ? one : "'" + one + "'"); }).join("") : command.replace("tidu what-if", "tidu build");
  }

  /* --- the server's own build, where one answers --- */
  function ask(set, ranks) {
    if (!window.tiduServed || typeof window.fetch !== "function") { return; }
    const mark = asked += 1;
    agree.hidden = false;
    agree.textContent = say("bench_asking");
    window.fetch(window.tiduServed + "build", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ changes: set, period: data.period })
    }).then(function (answer) { return answer.json(); }).then(function (found) {
      if (mark !== asked) { return; }
      if (!found.rows) { agree.textContent = say("bench_no_answer", { why: found.message ? found.message[document.documentElement.lang.slice(0, 2)] : "" }); return; }
      const theirs = {};
      found.rows.forEach(function (row) { theirs[row.unit] = row.rank; });
      const apart = data.units.filter(function (unitCode, u) { return (theirs[unitCode] === undefined ? null : theirs[unitCode]) !== ranks[u]; }).length;
      agree.className = "agree note " + (apart ? "differs" : "agrees");
      agree.textContent = apart ? say("bench_differs", { count: apart }) : say("bench_agrees", { count: found.rows.filter(function (row) { return row.rank !== null; }).length });
    }).catch(function () { if (mark === asked) { agree.hidden = true; } });
  }

  /* --- scenarios: in this browser, and as TOML --- */
  const KEY = "tidu.bench." + data.code;
  let memory = {};
  function kept() { try { return JSON.parse(window.localStorage.getItem(KEY)) || {}; } catch (refused) { return memory; } }
  function keep(all) { memory = all; try { window.localStorage.setItem(KEY, JSON.stringify(all)); } catch (refused) { /* a folder may have no storage */ } }
  function saved() {
    const all = kept(), list = find(".saved");
    list.replaceChildren.apply(list, Object.keys(all).sort().map(function (name) {
      const item = make("li"), open = make("button", name), away = make("button", say("bench_remove"));
      open.type = away.type = "button";
      open.title = say("bench_open");
      away.setAttribute("aria-label", say("bench_remove") + " " + name);
      open.addEventListener("click", function () { apply(name, all[name]); });
      away.addEventListener("click", function () { const rest = kept(); delete rest[name]; keep(rest); saved(); told.textContent = say("bench_removed", { name: name }); });
      item.append(open, away);
      return item;
    }));
  }
  /* A list of changes put on the bench, or what it cannot take. */
  function apply(name, list) {
    const addresses = {}, sorted = function (some) { return some.slice().sort().join("\n"); };
    data.nodes.forEach(function (one) { addresses[one.address] = one; });
    const own = {}, rest = [], strange = [];
    list.forEach(function (text) {
      const at = text.indexOf("="), place = text.slice(0, at).trim().replace(/^spec\./, ""), value = Number(text.slice(at + 1));
      if (addresses[place] && Number.isFinite(value) && value >= 0) { own[addresses[place].code] = value; } else if (data.freed.indexOf(text) < 0) { rest.push(text); }
    });
    const found = data.ways.find(function (one) { return sorted(one.changes) === sorted(rest); });
    if (!found) { strange.push(rest.join(", ")); }
    if (strange.length) { told.textContent = say("bench_not_here", { name: name, why: strange.join(", ") }); return; }
    reset();
    STEPS.forEach(function (step, k) { state.keys[step] = found.options[k]; });
    Object.keys(own).forEach(function (one) { put(node[one], own[one]); });
    show();
  }
  function toml() {
    const all = kept(), own = Object.keys(all).length ? all : { mine: changes() };
    return Object.keys(own).sort().filter(function (name) { return own[name].length; }).map(function (name) {
      const head = /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name);
      return "[scenario." + head + "]\nchanges = [\n" + own[name].map(function (one) { return "  " + JSON.stringify(one) + ",\n"; }).join("") + "]\n";
    }).join("\n");
  }
  function untoml(text) {
    const found = Object.create(null), table = /^\s*\[scenario\.(?:"((?:[^"\\]|\\.)*)"|([A-Za-z0-9_-]+))\]\s*$/gm, heads = [];
    let one;
    while ((one = table.exec(text)) !== null) { heads.push([one[1] !== undefined ? JSON.parse('"' + one[1] + '"') : one[2], table.lastIndex, one.index]); }
    heads.forEach(function (head, k) {
      const part = text.slice(head[1], k + 1 < heads.length ? heads[k + 1][2] : text.length), at = /^\s*changes\s*=\s*\[/m.exec(part);
      if (!at) { return; }
      const strings = [], item = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')\s*(,|\])|\s*(\])/y;
      item.lastIndex = at.index + at[0].length;
      let each;
      while ((each = item.exec(part)) !== null && each[4] === undefined) {
        strings.push(each[1] !== undefined ? JSON.parse('"' + each[1] + '"') : each[2]);
        if (each[3] === "]") { break; }
      }
      if (strings.length) { found[head[0]] = strings; }
    });
    return found;
  }
  const acts = {
    reset: function () { reset(); show(); },
    all: function () { state.all = !state.all; show(); },
    link: function () {
      const link = window.location.href;
      const shownLink = function () { told.textContent = say("bench_link_is", { link: link }); };
      if (navigator.clipboard) { navigator.clipboard.writeText(link).then(function () { told.textContent = say("bench_link_copied"); }, shownLink); } else { shownLink(); }
    },
    save: function () {
      const name = form.elements.name.value.trim();
      if (!name || !changes().length) { form.elements.name.focus(); return; }
      const all = kept();
      all[name] = changes();
      keep(all);
      saved();
      told.textContent = say("bench_saved", { name: name });
    },
    write: function () { form.elements.toml.value = toml(); },
    read: function () {
      let found = {};
      try { found = untoml(form.elements.toml.value); } catch (broken) { found = {}; }
      const names = Object.keys(found);
      if (!names.length) { told.textContent = say("bench_unreadable"); return; }
      keep(Object.assign(kept(), found));
      saved();
      if (names.length === 1) { apply(names[0], found[names[0]]); } else { told.textContent = say("bench_read", { count: names.length }); }
    },
    file: function () {
      const link = make("a");
      link.href = URL.createObjectURL(new Blob([toml()], { type: "application/toml" }));
      link.download = "bench.toml";
      link.click();
      window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
    }
  };

  /* --- begin --- */
  form.addEventListener("input", function (event) {
    const row = event.target.closest(".weight");
    if (row) {
      const one = node[row.dataset.node];
      put(one, Number((Number(event.target.value) * unit(one)).toPrecision(6)));
      show();
    } else if (STEPS.indexOf(event.target.name) >= 0) {
      state.keys[event.target.name] = event.target.value;
      show();
    }
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  home.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-do]");
    if (button) { acts[button.dataset.do](); }
  });
  const wanted = find("[name=mine]"), fits = find(".fits"), list = document.getElementById("bench-units");
  data.names.forEach(function (name, u) { const choice = make("option"); choice.value = name; choice.label = data.units[u]; list.appendChild(choice); });
  wanted.addEventListener("input", function () {
    const text = wanted.value.trim(), exact = data.names.indexOf(text);
    const own = exact >= 0 ? [exact] : text ? window.tiduFind.among(data.find, text) : [];
    const near = !own.length, like = near ? window.tiduFind.alike(data.find, text) : own;
    state.unit = like.length === 1 && !near ? like[0] : null;
    fits.replaceChildren.apply(fits, like.length > 1 || (near && like.length) ? [make("li", near ? say("spelt_alike") : say("several_fit", { count: like.length }))].concat(like.slice(0, 24).map(function (u) {
      const item = make("li"), button = make("button", data.names[u]);
      button.type = "button";
      button.addEventListener("click", function () { wanted.value = data.names[u]; state.unit = u; fits.replaceChildren(); wanted.focus(); show(); });
      item.appendChild(button);
      return item;
    })) : text && !like.length ? [make("li", say("no_such_city"))] : []);
    show();
  });
  window.addEventListener("hashchange", function () { readAddress(window.location.hash); show(); });
  readAddress(window.location.hash);
  if (state.unit !== null) { wanted.value = data.names[state.unit]; }
  home.hidden = false;
  saved();
  show();
})();
