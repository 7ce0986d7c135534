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
    var own = found(typed), shorter = typed.replace(/(省|市|自治区|地区|自治州|州|盟|县|区)$/, "");
    return own.length || shorter === typed ? own : found(shorter);
  }
  window.tiduFind = { plain: plain, fits: fits, among: among };
})();
