/* Live parts that every page shares: large type, filters of tables. Classic script: runs from a folder too. */
(function () {
  "use strict";
  var root = document.documentElement;
  function kept(key, value) {
    try {
      if (value === undefined) { return window.localStorage.getItem(key); }
      window.localStorage.setItem(key, value);
    } catch (refused) { /* a folder may have no storage */ }
    return null;
  }
  var care = document.querySelector("button.care");
  if (care) {
    var set = function (on) {
      root.classList.toggle("care", on);
      care.setAttribute("aria-pressed", String(on));
    };
    care.hidden = false;
    set(kept("care") === "1");
    care.addEventListener("click", function () {
      var on = !root.classList.contains("care");
      set(on);
      kept("care", on ? "1" : "0");
    });
  }
  document.querySelectorAll("form[data-filter]").forEach(function (form) {
    var rows = Array.prototype.slice.call(document.querySelectorAll("#" + form.dataset.filter + " tbody tr"));
    var told = form.querySelector("output");
    function run() {
      var words = window.tiduFind.plain(form.elements.q ? form.elements.q.value : "");
      var near = false, named = rows.map(function (row) { return !words || window.tiduFind.fits(row.dataset.find, words) > 0; });
      if (words && named.indexOf(true) < 0) {
        var like = window.tiduFind.among(rows.map(function (row) { return row.dataset.find; }), words);
        near = !like.length;
        if (near) { like = window.tiduFind.alike(rows.map(function (row) { return row.dataset.find; }), words); }
        like.forEach(function (at) { named[at] = true; });
      }
      var count = 0;
      rows.forEach(function (row, at) {
        var fits = named[at];
        ["region", "inside"].forEach(function (key) {
          var wanted = form.elements[key] && form.elements[key].value;
          if (wanted && row.dataset[key].split(" ").indexOf(wanted) < 0 && row.dataset[key] !== wanted) { fits = false; }
        });
        row.hidden = !fits;
        if (fits) { count += 1; }
      });
      told.textContent = count || !form.dataset.none ? (near && count && form.dataset.near ? form.dataset.near + " " : "") + count + " / " + rows.length : form.dataset.none;
    }
    form.hidden = false;
    var asked = new URLSearchParams(window.location.search).get("q");
    if (asked && form.elements.q) { form.elements.q.value = asked; }
    form.addEventListener("input", run);
    form.addEventListener("submit", function (event) { event.preventDefault(); run(); });
    run();
  });
})();
