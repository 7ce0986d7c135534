/* The planner: asks the server what another rank takes. Where no server answers (a folder), it stays away. */
(function () {
  "use strict";
  var form = document.getElementById("planner");
  var plan = document.getElementById("plan");
  if (!form || !plan || !window.tiduServed) { return; }
  var api = form.dataset.root + window.tiduServed.replace(/^\//, ""), told = form.querySelector("output");
  function add(parent, tag, text, kind) {
    var made = document.createElement(tag);
    if (text !== undefined) { made.textContent = text; }
    if (kind) { made.className = kind; }
    parent.appendChild(made);
    return made;
  }
  function shown(found) {
    var heads = form.dataset.heads.split("|");
    plan.textContent = "";
    plan.className = "plan " + (found.reachable ? "reached" : "not-reached");
    add(plan, "p", found.verdict, "verdict");
    if (found.rows.length) {
      var box = add(plan, "div", undefined, "scroll");
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-labelledby", "target");
      var table = add(box, "table", undefined, "dense");
      var top = add(add(table, "thead"), "tr"), body = add(table, "tbody");
      heads.forEach(function (head, at) { add(top, "th", head, at === 0 || at === 4 ? "" : "n").scope = "col"; });
      found.rows.forEach(function (row) {
        var line = add(body, "tr");
        add(line, "th", row.label).scope = "row";
        ["start", "end", "limit", "unit", "share", "points"].forEach(function (key) {
          add(line, "td", row[key], key === "unit" ? "" : "n");
        });
      });
    }
    add(plan, "p", found.limits, "small");
  }
  function ask(event) {
    event.preventDefault();
    told.textContent = "…";
    var asked = new URLSearchParams({
      unit: form.dataset.unit, rank: form.elements.rank.value, others: form.elements.others.value, lang: form.dataset.lang
    });
    fetch(api + "target?" + asked).then(function (answer) {
      return answer.json().then(function (found) {
        if (!answer.ok) { throw new Error(((found.message && found.message[form.dataset.lang]) || answer.statusText).split("\n")[0]); }
        told.textContent = "";
        shown(found);
      });
    }).catch(function (error) { told.textContent = error.message; });
  }
  form.hidden = false;
  form.addEventListener("submit", ask);
})();
