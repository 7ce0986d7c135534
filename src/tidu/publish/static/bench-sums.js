/* The sums of the weights bench: figures and weights to scores, ranks and ranges, as the library works them out.
   Classic script without a page: sets one global, tiduSums. */
(function () {
  "use strict";
  const SPREAD = 0.25, DRAWS = 200, SEED = 1;

  /* Uniform numbers in [0, 1) from a seed (mulberry32). */
  function uniform(seed) {
    let a = seed | 0;
    return function () {
      a = (a + 0x6D2B79F5) | 0;
      let t = Math.imul(a ^ (a >>> 15), 1 | a);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }

  /* Ranks, 1 = highest; ties within 1e-9 of the largest, linked by neighbours, get the minimum rank; NaN has none. */
  function ranked(values) {
    const order = [];
    let scale = 0;
    for (let u = 0; u < values.length; u += 1) {
      if (!Number.isNaN(values[u])) { order.push(u); scale = Math.max(scale, Math.abs(values[u])); }
    }
    order.sort(function (a, b) { return values[b] - values[a] || a - b; });
    const out = new Array(values.length).fill(null);
    let place = 1;
    for (let k = 0; k < order.length; k += 1) {
      if (k && !(values[order[k - 1]] - values[order[k]] <= 1e-9 * scale)) { place = k + 1; }
      out[order[k]] = place;
    }
    return out;
  }

  /* A quantile of sorted numbers, linear between neighbours. */
  function quantile(sorted, share) {
    const at = share * (sorted.length - 1), low = Math.floor(at);
    return low + 1 < sorted.length ? sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]) : sorted[low];
  }

  function Bench(data) {
    const children = {}, cache = new Map();
    data.nodes.forEach(function (node) { (children[node.parent] = children[node.parent] || []).push(node.code); });

    /* The figures of the indicators under a way, each once. */
    function figures(way) {
      if (!cache.has(way)) {
        const made = {};
        data.leaves.forEach(function (leaf, k) {
          const line = way.figures[k], kept = data.columns[line[0]];
          made[leaf] = Float64Array.from(kept, function (x) { return x === null ? NaN : line[1] + line[2] * x; });
        });
        cache.set(way, made);
      }
      return cache.get(way);
    }

    /* Scores of every node by code, or which node cannot be joined: {scores} or {zero: node} or {low: node}. */
    function scores(way, weights) {
      const found = Object.assign({}, figures(way)), size = data.units.length;
      for (const node of data.inner) {
        const below = children[node];
        if (!below) { continue; }
        const join = way.joins[node], geometric = join[0] === "geometric";
        let total = 0;
        below.forEach(function (child) { total += weights[child]; });
        if (!(total > 0)) { return { zero: node }; }
        const out = new Float64Array(size);
        for (let u = 0; u < size; u += 1) {
          let sum = 0, seen = 0, holes = 0;
          for (const child of below) {
            const w = weights[child] / total, x = found[child][u];
            if (Number.isNaN(x)) { holes += 1; continue; }
            if (w === 0) { continue; }
            if (geometric && x <= 0) { return { low: node }; }
            sum += w * (geometric ? Math.log(x) : x);
            seen += w;
          }
          let value = holes ? (seen > 0 ? sum / seen : NaN) : sum;
          if (holes) {
            const share = 1 - holes / below.length;
            if (join[1] === "require" || !(share > 0) || share < join[2] - 1e-12) { value = NaN; }
          }
          out[u] = geometric ? Math.exp(value) : value;
        }
        found[node] = out;
      }
      return { scores: found };
    }

    /* The ranks between which nine in ten draws lie when every weight is moved by up to a quarter: [low, high] by unit. */
    function ranges(way, weights) {
      const draw = uniform(SEED), all = data.units.map(function () { return []; }), moved = {};
      for (let k = 0; k < DRAWS; k += 1) {
        data.nodes.forEach(function (node) { moved[node.code] = weights[node.code] * (1 + SPREAD * (2 * draw() - 1)); });
        const made = scores(way, moved);
        if (!made.scores) { return null; }
        ranked(made.scores[data.root]).forEach(function (rank, u) { if (rank !== null) { all[u].push(rank); } });
      }
      return all.map(function (ranks) {
        if (!ranks.length) { return null; }
        ranks.sort(function (a, b) { return a - b; });
        return [quantile(ranks, 0.05), quantile(ranks, 0.95)];
      });
    }

    return {
      children: children,
      scores: scores,
      ranges: ranges,
      ranks: function (way, weights) {
        const made = scores(way, weights);
        return made.scores ? ranked(made.scores[data.root]) : made;
      }
    };
  }

  window.tiduSums = { Bench: Bench, ranked: ranked, uniform: uniform, quantile: quantile };
})();
