/* Stand-ins for what the chart bundle asks of browsers newer than Chromium 86; a browser that has them keeps its own. */
(function () {
  "use strict";
  if (typeof Object.hasOwn !== "function") {
    Object.hasOwn = function (object, key) { return Object.prototype.hasOwnProperty.call(object, key); };
  }
  if (typeof window.structuredClone !== "function") {
    const copy = function (value, seen) {
      if (value === null || typeof value !== "object") { return value; }
      if (seen.has(value)) { return seen.get(value); }
      if (value instanceof Date) { return new Date(value.getTime()); }
      if (value instanceof RegExp) { return new RegExp(value.source, value.flags); }
      const made = Array.isArray(value) ? [] : value instanceof Map ? new Map() : value instanceof Set ? new Set() : {};
      seen.set(value, made);
      if (value instanceof Map) { value.forEach(function (one, key) { made.set(copy(key, seen), copy(one, seen)); }); return made; }
      if (value instanceof Set) { value.forEach(function (one) { made.add(copy(one, seen)); }); return made; }
      Object.keys(value).forEach(function (key) { made[key] = copy(value[key], seen); });
      return made;
    };
    window.structuredClone = function (value) { return copy(value, new Map()); };
  }
})();
