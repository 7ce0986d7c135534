/* How a unit is found by what a reader types, the same on every page. Classic script; sets one global, tiduFind.
   The words of a unit are parted by spaces (publish/finding.py); those that begin with @ are of its province. */
(function () {
  "use strict";
  function plain(text) {
    return text.normalize("NFKC").toLowerCase().normalize("NFKD").replace(/[\s'’‘`´ʼ·.,()（）\-]|[\u0300-\u036f]/g, "");
  }
  /* How well words fit what was typed: 3 a word is the same, 2 one begins so, 1 the province is meant, 0 nothing. */
  function fits(find, typed) {
    var best = 0, chinese = /[^\x00-\x7f]/.test(typed);
    find.split(" ").forEach(function (word) {
      if (word.charAt(0) === "@") { best = Math.max(best, word.indexOf(typed) === 1 ? 1 : 0); return; }
      var at = word.indexOf(typed);
      best = Math.max(best, word === typed ? 3 : at === 0 || (at > 0 && chinese) ? 2 : 0);
    });
    return best;
  }
  /* The places in a list of words that fit best; without any, those that fit without a suffix such as 市. */
  function among(list, text) {
    var typed = plain(text);
    function found(wanted) {
      var marks = list.map(function (find) { return wanted ? fits(find, wanted) : 0; });
      var most = Math.max.apply(null, [0].concat(marks));
      return marks.map(function (mark, at) { return most && mark === most ? at : -1; }).filter(function (at) { return at >= 0; });
    }
    var own = found(typed), shorter = typed.replace(/(省|市|自治区|地区|自治州|州|盟|县|区|shi|city)$/, "");
    return own.length || shorter === typed ? own : found(shorter);
  }
  /* How many letters are left out, put in, changed or swapped with the next between two words. */
  function slips(one, other) {
    var last, before = [], here = [], i, j, cost;
    for (j = 0; j <= other.length; j += 1) { here.push(j); }
    for (i = 0; i < one.length; i += 1) {
      last = before; before = here; here = [i + 1];
      for (j = 0; j < other.length; j += 1) {
        cost = Math.min(before[j + 1] + 1, here[j] + 1, before[j] + (one.charAt(i) === other.charAt(j) ? 0 : 1));
        if (i && j && one.charAt(i) === other.charAt(j - 1) && one.charAt(i - 1) === other.charAt(j)) { cost = Math.min(cost, last[j - 1] + 1); }
        here.push(cost);
      }
    }
    return here[other.length];
  }
  /* The places spelt most nearly like what was typed, to be offered: one slip, two from seven letters on. */
  function alike(list, text) {
    var typed = plain(text), marks, least;
    if (typed.length < 4 || /[^\x00-\x7f]/.test(typed) || /^\d+$/.test(typed)) { return []; }
    marks = list.map(function (find) {
      return find.split(" ").reduce(function (least, word) {
        return word.length < 4 || word.charAt(0) === "@" || /[^\x00-\x7f]/.test(word) ? least : Math.min(least, slips(typed, word));
      }, 9);
    });
    least = Math.min.apply(null, [9].concat(marks));
    return least > (typed.length < 7 ? 1 : 2) ? [] : marks.map(function (mark, at) { return mark === least ? at : -1; }).filter(function (at) { return at >= 0; });
  }
  window.tiduFind = { plain: plain, fits: fits, among: among, alike: alike };
})();
