// What lies over the photos: grid, rulers, marks, and the cross by which a point is set with keys.
import { distance, eyeDistance, toPane } from './view.js';

const draw = (svg, name, attributes, text) => {
  const made = document.createElementNS(svg.namespaceURI, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  svg.append(made);
};
const line = (svg, kind, [x1, y1], [x2, y2]) => draw(svg, 'line', { class: kind, x1, y1, x2, y2 });

// A length in a photo as people compare it: in distances between the eyes, the photo's own scale; in pixels where these are not set.
export const measure = (view, frame, from, to) => {
  const [length, eyes] = [distance(frame, from, to), eyeDistance(view, frame)];
  return eyes ? `${(length / eyes).toFixed(2)} eye distances` : `${Math.round(length)} pixels`;
};

export const paintOver = (svg, view, frame, { grid, cross, begun }) => {
  svg.replaceChildren();
  svg.setAttribute('viewBox', `0 0 ${frame.width} ${frame.height}`);
  if (grid) paintGrid(svg, view, frame);
  if (view.eyes) for (const eye of view.eyes) { const [cx, cy] = toPane(view, frame, eye); draw(svg, 'circle', { class: 'eye', cx, cy, r: 3 }); }
  for (const [from, to] of view.rulers) {
    const [a, b] = [toPane(view, frame, from), toPane(view, frame, to)];
    line(svg, 'ruler edge', a, b);
    line(svg, 'ruler', a, b);
    draw(svg, 'text', { x: (a[0] + b[0]) / 2 + 6, y: (a[1] + b[1]) / 2 - 6 }, measure(view, frame, from, to));
  }
  for (const mark of view.marks) {
    const [cx, cy] = toPane(view, frame, mark.at);
    draw(svg, 'circle', { class: 'mark edge', cx, cy, r: 9 });
    draw(svg, 'circle', { class: 'mark', cx, cy, r: 9 });
    draw(svg, 'text', { x: cx + 12, y: cy + 5 }, String(mark.number));
  }
  for (const point of begun) { const [cx, cy] = toPane(view, frame, point); draw(svg, 'circle', { class: 'mark', cx, cy, r: 4 }); }
  if (cross) {
    line(svg, 'cross', [cross[0] - 14, cross[1]], [cross[0] + 14, cross[1]]);
    line(svg, 'cross', [cross[0], cross[1] - 14], [cross[0], cross[1] + 14]);
  }
};

// Half an eye distance between two lines, with one through the middle of the eyes; a tenth of the pane where nobody knows the eyes.
const paintGrid = (svg, view, frame) => {
  const eyes = view.eyes && view.eyes.map(eye => toPane(view, frame, eye));
  const step = eyes ? Math.max(12, Math.hypot(eyes[1][0] - eyes[0][0], eyes[1][1] - eyes[0][1]) / 2) : Math.min(frame.width, frame.height) / 10;
  const middle = eyes ? [(eyes[0][0] + eyes[1][0]) / 2, (eyes[0][1] + eyes[1][1]) / 2] : [frame.width / 2, frame.height / 2];
  for (let x = middle[0] % step; x < frame.width; x += step) line(svg, 'grid', [x, 0], [x, frame.height]);
  for (let y = middle[1] % step; y < frame.height; y += step) line(svg, 'grid', [0, y], [frame.width, y]);
};
