/* Counts while somebody types, by the rule of core/recognition/counting.py. The server counts in any case. */
(function () {
  "use strict";
  var NEAR = 5, FAR = 6, MOST = 8;
  var said, unspaced, picture;
  try {
    said = new RegExp("^[\\p{L}\\p{N}\\p{So}]", "u");
    picture = new RegExp("^\\p{So}", "u");
    unspaced = new RegExp("^[\\u3005-\\u3007\\u3040-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}]", "u");
  } catch (error) { return; }
  var mark = new RegExp("^\\p{M}", "u");

  function within(point, low, high) { return point >= low && point < high; }

  function graphemes(text) {
    var found = [];
    Array.from(text.normalize("NFKC")).forEach(function (character) {
      var point = character.codePointAt(0);
      var last = found.length ? found[found.length - 1] : "";
      var letters = Array.from(last);
      var flag = within(point, 0x1f1e6, 0x1f200) && letters.length === 1 && within(last.codePointAt(0), 0x1f1e6, 0x1f200);
      var joins = character === "\u200d" || mark.test(character) || within(point, 0x1f3fb, 0x1f400) ||
        within(point, 0xe0020, 0xe0080) || letters[letters.length - 1] === "\u200d" || flag;
      if (joins && last) { found[found.length - 1] += character; } else { found.push(character); }
    });
    return found;
  }

  function withoutNear(tokens, single, phrase) {
    var kept = [], at = 0;
    while (at < tokens.length) {
      var step = 0;
      for (var size = NEAR; size > 0 && !step; size--) {
        var allowed = size === 1 ? single : phrase, length = size * allowed;
        if (at + size > tokens.length || kept.length < length) { continue; }
        var same = true;
        for (var i = 0; i < length && same; i++) { same = kept[kept.length - length + i] === tokens[at + (i % size)]; }
        if (same) { step = size; }
      }
      if (!step) { kept.push(tokens[at]); }
      at += step || 1;
    }
    return kept;
  }

  function withoutFar(tokens) {
    var first = new Map(), repeated = new Set();
    for (var at = 0; at + FAR <= tokens.length; at++) {
      var stretch = tokens.slice(at, at + FAR).join("\u0000");
      if (!first.has(stretch)) { first.set(stretch, at); }
      if (at - first.get(stretch) >= FAR) { for (var i = at; i < at + FAR; i++) { repeated.add(i); } }
    }
    return tokens.filter(function (_token, index) { return !repeated.has(index); });
  }

  function tokensOf(text) {
    var tokens = [], word = [];
    function close() {
      if (word.length) { tokens.push(withoutFar(withoutNear(word, 2, 2)).join("")); word = []; }
    }
    graphemes(text.toLowerCase()).forEach(function (grapheme) {
      if (!said.test(grapheme)) { close(); return; }
      if (unspaced.test(grapheme) || picture.test(grapheme)) { close(); tokens.push(grapheme); return; }
      word.push(grapheme);
    });
    close();
    return tokens;
  }

  function counted(text) {
    var seen = new Map(), total = 0;
    withoutFar(withoutNear(tokensOf(text), 2, 1)).forEach(function (token) {
      var times = (seen.get(token) || 0) + 1;
      seen.set(token, times);
      if (times <= MOST) { total += graphemes(token).length; }
    });
    return total;
  }
  window.countedCharacters = counted;

  var area = document.getElementById("text"), tally = document.getElementById("tally");
  if (!area || !tally) { return; }
  function show() {
    var number = counted(area.value), least = Number(tally.dataset.least);
    tally.textContent = (number >= least ? tally.dataset.enough : tally.dataset.missing)
      .replace("#", String(number)).replace("%", String(Math.max(0, least - number)));
    tally.className = number >= least ? "enough" : "";
  }
  area.addEventListener("input", show);
  show();
})();
