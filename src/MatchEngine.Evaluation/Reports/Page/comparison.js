'use strict';
// Draws the trade-off of both systems on one chart; everything else stands in the page already.
(() => {
  const report = JSON.parse(document.getElementById('report').textContent);
  const [miss, positive] = report.kind === 'identification' ? ['FNIR', 'FPIR'] : ['FNMR', 'FMR'];
  const place = document.getElementById('chart');
  const log = { type: 'log' };
  const axis = title => ({ title, format: '~e', tickCount: 6 });
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json', background: null, width: 'container', height: 320,
    config: { font: 'system-ui, sans-serif', range: { category: ['#0b57d0', '#c2410c'] }, axis: { gridColor: '#eaeef2' } },
    data: { values: report.curves.filter(p => p.falsePositives > 0 && p.misses > 0) }, mark: { type: 'line', interpolate: 'step-after' },
    encoding: {
      x: { field: 'falsePositives', type: 'quantitative', scale: log, axis: axis(positive) }, y: { field: 'misses', type: 'quantitative', scale: log, axis: axis(miss) },
      color: { field: 'system', type: 'nominal', title: null, legend: { orient: 'top', labelLimit: 0 } }, strokeDash: { field: 'system', type: 'nominal', legend: null }, order: { field: 'threshold' },
    },
  };
  new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: 'svg', container: place, hover: false }).runAsync()
    .then(() => { document.documentElement.dataset.ready = 'yes'; })
    .catch(error => { console.error(String(error)); place.textContent = 'This chart could not be drawn.'; document.documentElement.dataset.ready = 'failed'; });
})();
