/* What a server or a folder adds to a unit's page: a link to its brief where there is one, and the planner, which asks the
   server what another rank takes. Where no server answers, it stays away. */
(function () {
  "use strict";
  document.querySelectorAll("[data-brief]").forEach(function (place) {
    var link = place.querySelector("a");
    if ((window.tiduBriefs || []).indexOf(place.dataset.brief) < 0) { return; }
    link.href = link.dataset.file;
    place.hidden = false;
  });
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
    var kept = ["share", "points"], heads = form.dataset.heads.split("|");
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
      heads.forEach(function (head, at) { add(top, "th", head, (at === 0 || at === 4 ? "" : "n") + (at > 0 && at < 5 ? " not-phone" : "")).scope = "col"; });
      found.rows.forEach(function (row) {
        var line = add(body, "tr");
        var first = add(line, "th", row.label);
        first.scope = "row";
        add(first, "span", row.way, "phone small");
        row["with"].forEach(function (other) {
          add(first, "span", form.dataset["with"] + " " + other.label + " " + other.way, "small more-of");
        });
        if (row.why) { add(first, "span", row.why, "small more-of"); }
        ["start", "end", "limit", "unit", "share", "points"].forEach(function (key) {
          add(line, "td", row[key], (key === "unit" ? "" : "n") + (kept.indexOf(key) < 0 ? " not-phone" : ""));
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
