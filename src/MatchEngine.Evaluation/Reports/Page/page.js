'use strict';
// Draws the report from the JSON that stands in the page. Text of the data always goes in as text, never as markup.
(() => {
  const report = JSON.parse(document.getElementById('report').textContent);
  const pictures = JSON.parse(document.getElementById('pictures').textContent);
  const main = document.getElementById('main');
  const failures = [];
  const pending = [];

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    for (const child of children) made.append(child);
    return made;
  };
  const section = (title, hint) => {
    const made = element('section', {}, element('h2', {}, title));
    if (hint) made.append(element('p', { class: 'hint' }, hint));
    main.append(made);
    return made;
  };
  const whole = n => n == null ? '' : n.toLocaleString('en-US');
  const digits = (n, d = 4) => n == null ? '' : Number(n).toFixed(d);
  // No upper end: in some draws the reference group had no error.
  const range = pair => pair == null ? '' : pair[1] == null ? `from ${Number(pair[0]).toPrecision(3)}` : `${Number(pair[0]).toPrecision(3)} … ${Number(pair[1]).toPrecision(3)}`;
  const ratio = (row, key) => row[key] != null ? `${row[key].toPrecision(3)}${row[key + 'Interval'] ? ` (${range(row[key + 'Interval'])})` : ''}` : row[key + 'Below'] != null ? `< ${row[key + 'Below'].toPrecision(3)}` : row[key + 'Above'] != null ? `> ${row[key + 'Above'].toPrecision(3)}` : '';

  const table = (target, rows, columns) => {
    const head = element('tr', {}, ...columns.map(c => element('th', { scope: 'col' }, c[0])));
    const body = rows.map(row => {
      const line = element('tr', row.marked ? { class: 'marked' } : {});
      for (const [, value, number] of columns) {
        const shown = value(row);
        line.append(element('td', number ? { class: 'number' } : {}, ...(Array.isArray(shown) ? shown : [shown ?? ''])));
      }
      return line;
    });
    target.append(element('div', { class: 'tablewrap' }, element('table', {}, element('thead', {}, head), element('tbody', {}, ...body))));
  };
  const folded = (target, title, fill) => {
    const made = element('details', {}, element('summary', {}, title));
    fill(made);
    target.append(made);
  };

  const config = { font: 'system-ui, sans-serif', view: { continuousWidth: 640, continuousHeight: 320, stroke: '#d0d7de' }, axis: { gridColor: '#eaeef2', labelFontSize: 12, titleFontSize: 12 }, legend: { labelFontSize: 12, titleFontSize: 12 }, range: { category: ['#0b57d0', '#c2410c', '#15803d', '#7e22ce', '#0e7490', '#a16207', '#be185d', '#475569'] } };
  const chart = (target, caption, spec) => {
    const place = element('div', { class: 'chart', role: 'img', 'aria-label': caption });
    target.append(element('figure', {}, place, element('figcaption', {}, caption)));
    try {
      const compiled = vegaLite.compile({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', background: null, config, ...spec }).spec;
      // SVG stays sharp in print.
      pending.push(new vega.View(vega.parse(compiled), { renderer: 'svg', container: place, hover: false }).runAsync().catch(error => failures.push(String(error))));
    } catch (error) {
      failures.push(String(error));
      place.textContent = 'This chart could not be drawn.';
    }
  };
  const logAxis = title => ({ title, format: '~e', tickCount: 6 });
  const log = { type: 'log' };

  const summary = section('Summary');
  summary.append(element('ul', { class: 'summary' }, ...report.summary.map(sentence => element('li', {}, sentence))));

  const counts = report.counts;
  const facts = section('What was evaluated');
  const list = element('dl');
  const fact = (name, value) => { if (value !== null && value !== undefined && value !== '') list.append(element('dt', {}, name), element('dd', {}, String(value))); };
  const set = report.provenance.dataSet;
  fact('Data set', set && `${set.name}${set.citation ? ` (${set.citation})` : ''}`);
  fact('Terms', set && set.terms);
  fact('System', report.provenance.system);
  fact('Protocol', `${report.provenance.protocol.name}${report.provenance.protocol.description ? `: ${report.provenance.protocol.description}` : ''}`);
  fact('Images / subjects', counts.images == null ? null : `${whole(counts.images)} / ${whole(counts.subjects)}`);
  fact('Mated / impostor comparisons', counts.mated == null ? null : `${whole(counts.mated)} / ${whole(counts.impostors)}`);
  fact('Gallery', counts.gallerySubjects == null ? null : `${whole(counts.gallerySubjects)} subjects, ${whole(counts.galleryImages)} images, ${whole(counts.failedEnrolments)} failed to enrol`);
  fact('Mated / non-mated searches', counts.matedSearches == null ? null : `${whole(counts.matedSearches)} / ${whole(counts.nonMatedSearches)}`);
  for (const [reason, n] of Object.entries(counts.acquisitionFailures ?? {})) fact('No template', `${whole(n)} × ${reason}`);
  for (const [reason, n] of Object.entries(counts.leftOut ?? {})) fact('Left out', `${whole(n)} × ${reason}`);
  for (const [kind, n] of Object.entries(counts.faults.byKind)) fact('Not usable', `${whole(n)} × ${kind}`);
  for (const [column, source] of Object.entries(set?.labels ?? {})) fact(`Label ${column}`, source);
  fact('Convention', report.provenance.convention);
  fact('Intervals', `${report.provenance.confidence * 100} %, ${whole(report.provenance.bootstrapReplicates)} draws of subjects, seed ${report.provenance.seed}`);
  fact('Data digest', set && set.digest);
  fact('Model digest', report.provenance.modelDigest);
  fact('Protocol digest', report.provenance.protocol.digest);
  fact('Software', report.provenance.software);
  facts.append(list);

  const notMeasured = row => row.text ?? '';
  // What a threshold is said to be worth beside what it is worth here.
  const given = (target, rows, positive, miss) => {
    if (!rows?.length) return;
    const percent = v => v == null ? null : `${(v * 100).toPrecision(3)} %`;
    const claimed = (row, name) => percent(row[`claimed${name}`]) ?? (row[`claimed${name}Below`] == null ? 'nothing' : `below ${percent(row[`claimed${name}Below`])}`);
    const says = { agrees: 'agrees', 'higher-than-claimed': 'higher than claimed', 'lower-than-claimed': 'lower than claimed' };
    const [p, m] = [positive, miss].map(name => name[0] + name.slice(1).toLowerCase());
    target.append(element('h3', {}, 'At the given thresholds: claimed and measured'));
    table(target, rows, [['threshold', r => digits(r.threshold), true], ['claimed by', r => r.claimedBy ? `${r.claimedBy}, ${r.claimedOn}` : 'nobody'],
      [`${positive} claimed`, r => claimed(r, p)], [`${positive} measured`, r => r[`measured${p}Text`]], ['verdict', r => says[r[`agreement${p}`]] ?? ''],
      ...(rows.some(r => r[`claimed${m}`] != null) ? [[`${miss} claimed`, r => claimed(r, m)]] : []), [`${miss} measured`, r => r[`${miss.toLowerCase()}Text`]],
      ...(rows.some(r => r.fnmrBySubjectText) ? [['FNMR by subject', r => r.fnmrBySubjectText]] : [])]);
  };
  if (report.verification) {
    const v = report.verification;
    const points = section('Error rates', 'A threshold is given only where 10 / FMR impostor comparisons support it. FNMR by subject gives every subject the same weight.');
    table(points, report.operatingPoints, [
      ['FMR', r => r.fmr.toString(), true], ['threshold', r => r.supported ? digits(r.threshold) : notMeasured(r), true], ['FNMR', r => r.fnmrText],
      ['FNMR by subject', r => r.fnmrBySubjectText], ['FNMR, failures as non-matches', r => r.fnmrWithFailuresText]]);
    given(points, report.thresholds, 'FMR', 'FNMR');
    const line = element('p', {}, `EER ${v.eer.text} at ${digits(v.eer.threshold)}; AUC ${v.auc.toPrecision(6)}; d′ ${digits(v.dPrime, 2)}.`);
    if (v.accuracy) line.append(` Accuracy ${(v.accuracy.mean * 100).toFixed(2)} ± ${(v.accuracy.std * 100).toFixed(2)} % over ${v.accuracy.folds.length} folds.`);
    points.append(line);
    chart(points, 'DET: the trade-off of both errors (log axes)', {
      data: { values: report.curves.det.filter(p => p.fmr > 0 && p.fnmr > 0) }, mark: { type: 'line', interpolate: 'step-after' },
      encoding: { x: { field: 'fmr', type: 'quantitative', scale: log, axis: logAxis('FMR') }, y: { field: 'fnmr', type: 'quantitative', scale: log, axis: logAxis('FNMR') }, order: { field: 'threshold' } } });
    const total = key => report.curves.histogram.reduce((sum, b) => sum + b[key], 0);
    const [mated, impostors] = [total('mated'), total('impostors')];
    chart(points, 'Scores of mated and impostor comparisons', {
      height: 220,
      data: { values: report.curves.histogram.flatMap(b => [{ score: (b.from + b.to) / 2, share: b.mated / mated, kind: 'mated' }, { score: (b.from + b.to) / 2, share: b.impostors / impostors, kind: 'impostor' }]) },
      mark: { type: 'area', interpolate: 'step', opacity: 0.5, line: true },
      encoding: { x: { field: 'score', type: 'quantitative', axis: { title: 'score' } }, y: { field: 'share', type: 'quantitative', stack: null, axis: { title: 'share of the comparisons', format: '.1%' } }, color: { field: 'kind', type: 'nominal', title: null } } });
    for (const by of [...new Set(report.curves.slices.map(p => p.by))]) {
      const values = report.curves.slices.filter(p => p.by === by && p.fmr > 0).map(p => ({ ...p, fnmrLow: p.fnmrLow > 0 ? p.fnmrLow : p.fnmrHigh / 100 }));
      chart(points, `DET by ${by}, with 95 % intervals of FNMR by drawing subjects`, {
        data: { values }, encoding: { x: { field: 'fmr', type: 'quantitative', scale: log, axis: logAxis('FMR within the group') }, color: { field: 'value', type: 'nominal', title: by } },
        layer: [
          { mark: { type: 'area', opacity: 0.15 }, encoding: { y: { field: 'fnmrLow', type: 'quantitative', scale: log, axis: logAxis('FNMR') }, y2: { field: 'fnmrHigh' } } },
          { transform: [{ filter: 'datum.fnmr > 0' }], mark: { type: 'line', point: true }, encoding: { y: { field: 'fnmr', type: 'quantitative', scale: log } } }] });
    }
  }

  if (report.identification) {
    const i = report.identification;
    const points = section('Identification', 'FNIR: the mate is missed. FPIR: a search of somebody who is not enrolled returns a candidate.');
    table(points, i.points, [
      ['FPIR', r => r.fpir.toString(), true], ['threshold', r => r.supported ? digits(r.threshold) : notMeasured(r), true], ['FNIR', r => r.fnirText], ['measured FPIR', r => r.measuredFpirText],
      ['selectivity', r => r.selectivity == null ? '' : (r.selectivityIsLowerBound ? '≥ ' : '') + r.selectivity.toPrecision(3), true]]);
    given(points, i.thresholds, 'FPIR', 'FNIR');
    table(points, i.ranks, [['rank', r => r.rank.toString(), true], ['FNIR without threshold', r => r.fnirText]]);
    if (i.cmc.length) chart(points, 'CMC: share of mated searches whose mate has at most this rank', {
      data: { values: i.cmc.map((hitRate, r) => ({ rank: r + 1, hitRate })) }, mark: { type: 'line', interpolate: 'step-after', point: i.cmc.length <= 50 },
      encoding: { x: { field: 'rank', type: 'quantitative', scale: log, axis: { title: 'rank', format: '~d' } }, y: { field: 'hitRate', type: 'quantitative', scale: { zero: false }, axis: { title: 'hit rate', format: '.1~%' } } } });
    if (report.curves.openSet.length) chart(points, 'FNIR against FPIR (log axes)', {
      data: { values: report.curves.openSet.filter(p => p.fpir > 0 && p.fnir > 0) }, mark: 'line',
      encoding: { x: { field: 'fpir', type: 'quantitative', scale: log, axis: logAxis('FPIR') }, y: { field: 'fnir', type: 'quantitative', scale: log, axis: logAxis('FNIR') }, order: { field: 'threshold' } } });
    if (i.sizes.length > 1) {
      const sized = i.sizes.flatMap(s => [{ size: s.gallerySize, kind: 'rank 1, no threshold', rate: s.rankOneMiss, low: s.rankOneMissLow, high: s.rankOneMissHigh },
        ...s.points.filter(p => p.supported).map(p => ({ size: s.gallerySize, kind: `FPIR ${p.fpir}`, rate: p.fnir, low: p.fnirLow, high: p.fnirHigh }))]).filter(s => s.high != null);
      chart(points, 'FNIR against the size of the gallery, with 95 % intervals', {
        data: { values: sized }, encoding: { x: { field: 'size', type: 'quantitative', scale: log, axis: { title: 'enrolled subjects', format: '~s' } }, color: { field: 'kind', type: 'nominal', title: null } },
        layer: [{ mark: { type: 'rule' }, encoding: { y: { field: 'low', type: 'quantitative', axis: { title: 'FNIR', format: '.1~%' } }, y2: { field: 'high' } } },
          { transform: [{ filter: 'isValid(datum.rate)' }], mark: { type: 'line', point: true }, encoding: { y: { field: 'rate', type: 'quantitative' } } }] });
    }
    for (const by of [...new Set((i.leads ?? []).map(l => l.by))].filter(by => by !== 'all')) {
      const values = i.leads.filter(l => l.by === by && !l.marked && l.fpir > 0 && l.leads > 0 && l.fpirLow > 0);
      if (values.length && !by.includes(' × ')) chart(points, `FPIR by ${by} against the share of all searches of the group that yield a lead, over the score floors, with 95 % intervals`, {
        data: { values }, encoding: { x: { field: 'leads', type: 'quantitative', scale: log, axis: { title: 'searches with a lead', format: '.2~%' } }, color: { field: 'value', type: 'nominal', title: by } },
        layer: [{ mark: { type: 'rule' }, encoding: { y: { field: 'fpirLow', type: 'quantitative', scale: log, axis: logAxis('FPIR') }, y2: { field: 'fpirHigh' } } },
          { mark: { type: 'line', point: true }, encoding: { y: { field: 'fpir', type: 'quantitative', scale: log } } }] });
    }
    if (i.indexCost.length) table(points, i.indexCost, [['rank', r => r.rank ?? 'any'], ['threshold', r => digits(r.threshold), true], ['mates lost by the index', r => `${whole(r.lostByIndex)} of ${whole(r.mated)}`], ['FNIR index − exact', r => r.difference.toPrecision(3), true], ['95 % interval', r => range(r.differenceInterval)]]);
  }

  const slices = report.slices ?? [];
  if (slices.length) {
    const t = report.globalThreshold;
    const groups = section('Groups', `All groups at one threshold: ${digits(t.threshold)}. A marked row (in red) has fewer than ${report.provenance.minimumSubjects} subjects and takes no part in comparisons. A triangle is an upper bound: no error was seen.`);
    const rates = report.verification ? [['FMR', 'fmr'], ['FNMR', 'fnmr']] : [['FNIR', 'fnir'], ['FPIR', 'fpir']];
    for (const by of [...new Set(slices.map(s => s.by))]) {
      const own = slices.filter(s => s.by === by);
      groups.append(element('h3', {}, `By ${by}`));
      for (const [name, key] of rates) {
        const few = s => s.marked || (key === 'fnmr' && s.fnmrMarked);
        const shown = own.filter(s => s[`${key}High`] != null).map(s => ({ value: s.value + (few(s) ? ' *' : ''), rate: s[key], low: s[`${key}Low`], high: s[`${key}High`], bound: s[key] == null ? s[`${key}High`] : null, marked: few(s) }));
        if (!shown.length || own.length > 40) continue;
        const lowest = Math.min(...shown.map(s => s.low > 0 ? s.low : s.high / 3));
        const all = report.verification ? report.operatingPoints.find(p => p.threshold === t.threshold) : report.identification.points.find(p => p.threshold === t.threshold);
        const overall = all && (report.verification ? (key === 'fmr' ? all.measuredFmr : all.fnmr) : (key === 'fpir' ? all.measuredFpir : all.fnir));
        const y = { field: 'value', type: 'nominal', sort: null, axis: { title: null } };
        chart(groups, `${name} by ${by} with 95 % intervals${overall ? '; the line is the whole set' : ''}`, {
          width: 560, height: { step: 22 },
          data: { values: shown.map(s => ({ ...s, low: Math.max(s.low, lowest) })) },
          layer: [
            { mark: { type: 'rule', strokeWidth: 2 }, encoding: { y, x: { field: 'low', type: 'quantitative', scale: log, axis: logAxis(name) }, x2: { field: 'high' }, color: { field: 'marked', type: 'nominal', legend: null, scale: { domain: [false, true], range: ['#0b57d0', '#9a3412'] } } } },
            { transform: [{ filter: 'isValid(datum.rate) && datum.rate > 0' }], mark: { type: 'point', filled: true, size: 70 }, encoding: { y, x: { field: 'rate', type: 'quantitative' }, color: { field: 'marked', type: 'nominal', legend: null } } },
            { transform: [{ filter: 'isValid(datum.bound)' }], mark: { type: 'point', shape: 'triangle-left', filled: true, size: 70 }, encoding: { y, x: { field: 'bound', type: 'quantitative' }, color: { field: 'marked', type: 'nominal', legend: null } } },
            ...(overall ? [{ data: { values: [{ x: overall }] }, mark: { type: 'rule', strokeDash: [4, 4], color: '#57606a' }, encoding: { x: { field: 'x', type: 'quantitative' } } }] : [])] });
      }
      const cells = (report.matrix ?? []).filter(c => c.by === by);
      if (cells.length > 1) {
        const both = cells.flatMap(c => [{ ...c }, ...(c.first === c.second ? [] : [{ ...c, first: c.second, second: c.first }])]).map(c => ({ ...c, level: Math.log10(c.fmr ?? c.fmrBelow ?? NaN), text: c.fmr == null ? (c.fmrBelow == null ? '–' : '< ' + c.fmrBelow.toExponential(1)) : c.fmr.toExponential(1) })).filter(c => Number.isFinite(c.level));
        const order = [...new Set(cells.map(c => c.first))];
        chart(groups, `FMR within and between groups by ${by} (colour: log10; "<": no false match, upper bound)`, {
          width: { step: 90 }, height: { step: 34 }, data: { values: both },
          encoding: { x: { field: 'first', type: 'nominal', sort: order, axis: { title: null, labelAngle: 0, labelLimit: 90 } }, y: { field: 'second', type: 'nominal', sort: order, axis: { title: null } } },
          layer: [{ mark: 'rect', encoding: { color: { field: 'level', type: 'quantitative', title: 'log10 FMR', scale: { scheme: 'blues' } } } },
            { mark: { type: 'text', fontSize: 11, stroke: 'white', strokeWidth: 2, strokeOpacity: 0.6 }, encoding: { text: { field: 'text' } } },
            { mark: { type: 'text', fontSize: 11, color: '#1b1f24' }, encoding: { text: { field: 'text' } } }] });
      }
      const d = report.differentials?.[by];
      folded(groups, `Numbers by ${by}`, target => {
        table(target, own, [[by, s => s.value + (s.marked ? ' *' : '')], ['subjects', s => whole(s.subjects), true], ...(report.verification ? [['with mated pairs', s => whole(s.matedSubjects) + (s.fnmrMarked ? ' *' : ''), true]] : []), ...rates.map(([name, key]) => [name, s => s[`${key}Text`]]),
          ...(d?.reference ? rates.flatMap(([name, key]) => [[`${name} / ${d.reference}`, s => ratio(s, key + 'Ratio')], ['p, Holm', s => s[key + 'RatioHolmPValue'] == null ? '' : s[key + 'RatioHolmPValue'].toPrecision(2), true], ['detectable', s => s[key + 'RatioDetectable'] == null ? '' : s[key + 'RatioDetectable'].toPrecision(3), true]]) : [])]);
        if (d) table(target, rates.map(([name, key]) => [name, d[key]]).map(([name, m]) => ({ name, ...m })), [['', m => m.name], ['max/min', m => m.maxOverMin == null ? (m.maxOverMinAbove == null ? '' : '> ' + m.maxOverMinAbove.toPrecision(3)) : m.maxOverMin.toPrecision(3), true], ['max/mean', m => m.maxOverMean?.toPrecision(3), true], ['max/geomean', m => m.maxOverGeomean?.toPrecision(3), true], ['vary-geomean', m => m.varyGeomean?.toPrecision(3), true], ['Gini', m => m.gini?.toPrecision(3), true]]);
        if (d && report.verification) target.append(element('p', {}, `FDR ${d.fdr?.toPrecision(4) ?? '–'}; inequity rate ${d.ir?.toPrecision(3) ?? '–'}; GARBE ${d.garbe?.toPrecision(3) ?? '–'}.`));
      });
    }
  }

  const refusals = report.refusals ?? [];
  if (refusals.length) {
    const gates = report.provenance.gates;
    const target = section('Refused photos', `Photos of which no template was made${gates ? ` (face taken: ${gates.faces}${gates.minimumQuality == null ? '' : `; least quality ${gates.minimumQuality}`})` : ''}. A group that is refused more often is served less.`);
    for (const by of [...new Set(refusals.map(r => r.by))]) {
      const own = refusals.filter(r => r.by === by);
      const reference = own[0].reference;
      const fill = t => table(t, own, [[by, r => r.value + (r.marked ? ' *' : '')], ['reason', r => r.reason], ['photos', r => whole(r.photos), true], ['refused', r => r.rateText],
        ...(reference ? [[`ratio to ${reference}`, r => ratio(r, 'ratio')], ['p, Holm', r => r.ratioHolmPValue == null ? '' : r.ratioHolmPValue.toPrecision(2), true]] : [])]);
      if (by === 'all') fill(target);
      else folded(target, `By ${by}`, fill);
    }
  }

  const ageing = report.ageing ?? [];
  if (ageing.length) {
    const target = section('Time and age');
    for (const by of [...new Set(ageing.map(a => a.by))]) {
      const own = ageing.filter(a => a.by === by);
      chart(target, `${report.verification ? 'FNMR' : 'FNIR'} by ${by} with 95 % intervals`, {
        width: { step: 64 }, height: 220, data: { values: own }, encoding: { x: { field: 'band', type: 'ordinal', sort: null, axis: { title: by, labelAngle: 0 } } },
        layer: [{ mark: 'rule', encoding: { y: { field: 'rateLow', type: 'quantitative', axis: { title: report.verification ? 'FNMR' : 'FNIR', format: '.2~%' } }, y2: { field: 'rateHigh' } } },
          { transform: [{ filter: 'isValid(datum.rate)' }], mark: { type: 'point', filled: true, size: 60 }, encoding: { y: { field: 'rate', type: 'quantitative' } } }] });
      folded(target, `Numbers by ${by}`, inner => table(inner, own, [[by, a => a.band], ['subjects', a => whole(a.subjects), true], ['rate', a => a.rateText]]));
    }
  }

  if (report.quality) {
    const target = section('Quality', `FNMR of what is left when the comparisons of the lowest quality are dropped. Mean over the first ${report.quality.areaTo * 100} %: ${report.quality.area.toPrecision(3)}; a perfect measure would give ${report.quality.idealArea.toPrecision(3)}.`);
    chart(target, 'Error versus discard', { height: 220, data: { values: report.quality.points }, mark: 'line', encoding: { x: { field: 'discarded', type: 'quantitative', axis: { title: 'share discarded', format: '%' } }, y: { field: 'fnmr', type: 'quantitative', axis: { title: 'FNMR', format: '.2~%' } } } });
  }

  if (report.photoDiscard?.length) {
    const percent = v => v == null ? '–' : `${(v * 100).toPrecision(3)} %`;
    const range = (v, r) => v == null ? '–' : r ? `${percent(v)} (${percent(r[0])} … ${percent(r[1])})` : percent(v);
    const target = section('Refusing the poorest photos', 'FNMR at the global threshold among the photos that are left when those of the lowest quality are refused; the reduction and its interval come from the same draws of subjects.');
    table(target, report.photoDiscard, [['measure', d => d.measure], ['refused', d => percent(d.discarded), true], ['FNMR', d => d.fnmrText], ['FNMR by subject', d => range(d.fnmrBySubject, d.fnmrBySubjectInterval)],
      ['reduction by subject', d => range(d.reductionBySubject, d.reductionBySubjectInterval)], ['first measure less', d => range(d.beyondFirstBySubject, d.beyondFirstBySubjectInterval)], ['at random, by subject', d => `${percent(d.atRandomBySubjectInterval[0])} … ${percent(d.atRandomBySubjectInterval[1])}`]]);
  }

  const tail = report.extrapolation ?? report.identification?.extrapolation;
  if (tail) {
    const target = section('Extrapolated, not measured', `A Pareto tail of the ${whole(tail.exceedances)} highest scores of different people (shape ${tail.shape.toPrecision(2)}, ${range(tail.shapeInterval)}). It assumes that the tail goes on as it began.`);
    const miss = report.verification ? 'fnmr' : 'fnir';
    table(target, tail.points, [...(report.verification ? [['FMR', p => p.fmr.toString(), true]] : [['enrolled subjects', p => whole(p.gallerySize), true], ['FPIR', p => p.fpir.toString(), true]]),
      ['threshold', p => p.text], [miss.toUpperCase(), p => `${(p[miss] * 100).toPrecision(3)} %`, true], ['95 % interval', p => p[`${miss}Interval`].map(v => `${(v * 100).toPrecision(3)} %`).join(' … ')]]);
  }

  const photo = name => pictures[name] ? [element('img', { class: 'face', src: pictures[name], alt: '' }), name] : [name];
  if (report.hygiene) {
    const h = report.hygiene;
    const target = section('Labels worth a look', 'Mistakes of the labels make up most of the top impostors of a good algorithm.');
    if (h.photos.length) folded(target, `${h.photos.length} photos that do not look like their own subject`, t => table(t, h.photos, [['photo', p => photo(p.image)], ['subject', p => p.subject], ['mean score to own', p => digits(p.meanToOwn, 3), true], ['mean of the others', p => digits(p.meanOfOthers, 3), true], ['most like', p => p.nearestSubject ?? ''], ['score', p => digits(p.nearestScore, 3), true]]));
    if (h.subjectPairs.length) folded(target, `${h.subjectPairs.length} pairs of subjects that look like one person`, t => table(t, h.subjectPairs, [['first', p => [...photo(p.firstImage), element('br'), p.first]], ['second', p => [...photo(p.secondImage), element('br'), p.second]], ['highest score', p => digits(p.highest, 3), true], ['pairs', p => `${p.pairs} of ${p.possible}`]]));
    for (const [title, key] of [['Highest impostor scores', 'topImpostors'], ['Lowest mated scores', 'lowestMated']])
      folded(target, title, t => table(t, h[key], [['first', p => photo(p.first)], ['second', p => photo(p.second)], ['subjects', p => p.firstSubject === p.secondSubject ? p.firstSubject : `${p.firstSubject} / ${p.secondSubject}`], ['score', p => digits(p.score, 4), true]]));
  }

  if (report.corrected) {
    const target = section('With known mistakes put right', report.corrected.source);
    table(target, report.corrected.operatingPoints, [['FMR', r => r.fmr.toString(), true], ['threshold', r => r.supported ? digits(r.threshold) : notMeasured(r), true], ['FNMR', r => r.fnmrText]]);
  }

  // What is folded away on screen belongs on paper.
  const folds = () => document.querySelectorAll('details');
  let wasOpen = [];
  addEventListener('beforeprint', () => { wasOpen = [...folds()].map(d => d.open); folds().forEach(d => { d.open = true; }); });
  addEventListener('afterprint', () => folds().forEach((d, i) => { d.open = wasOpen[i]; }));

  Promise.all(pending).then(() => {
    for (const failure of failures) console.error(failure);
    document.documentElement.dataset.ready = failures.length ? 'failed' : 'yes';
  });
})();
