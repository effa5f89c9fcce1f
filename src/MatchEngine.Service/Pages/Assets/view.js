// How one photo lies in its pane. A view is plain data, so that it can be written into a draft and compared with how it began; places in a
// photo are parts of its width and height, so that they stay where they are whatever is done to the view.

export const fresh = () => ({
  zoom: 1, x: .5, y: .5, turn: 0, flip: false, brightness: 100, contrast: 100, gamma: 1, sharpen: 0, grey: false, eyes: null, marks: [], rulers: [],
});

const limits = { zoom: [.25, 40], turn: [-180, 180], brightness: [20, 300], contrast: [20, 300], gamma: [.2, 4], sharpen: [0, 3] };
const within = (value, [least, most], otherwise) => Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : otherwise;
const part = value => within(Number(value), [-1, 2], .5);
const place = point => [part(point && point[0]), part(point && point[1])];

// A view as it was written down. Nothing of it is believed: it may have been written by another version, or by hand.
export const read = text => {
  const view = fresh();
  for (const [key, range] of Object.entries(limits)) view[key] = within(Number(text[key]), range, view[key]);
  view.x = part(text.x); view.y = part(text.y);
  view.flip = text.flip === true; view.grey = text.grey === true;
  if (Array.isArray(text.eyes) && text.eyes.length === 2) view.eyes = text.eyes.map(place);
  if (Array.isArray(text.marks)) view.marks = text.marks.slice(0, 20).map(mark => ({ at: place(mark.at), note: String(mark.note || '').slice(0, 300), number: within(Number(mark.number), [1, 999], 1) }));
  if (Array.isArray(text.rulers)) view.rulers = text.rulers.slice(0, 20).map(ends => [place(ends && ends[0]), place(ends && ends[1])]);
  return view;
};

export const clamp = view => {
  view.zoom = within(view.zoom, limits.zoom, 1);
  view.x = Math.min(1.2, Math.max(-.2, view.x));
  view.y = Math.min(1.2, Math.max(-.2, view.y));
  while (view.turn > 180) view.turn -= 360;
  while (view.turn < -180) view.turn += 360;
};

// A frame is the pane's size and the photo's.
const scale = (view, frame) => Math.min(frame.width / frame.photoWidth, frame.height / frame.photoHeight) * view.zoom;
const turned = ([x, y], degrees) => {
  const [cos, sin] = [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)];
  return [x * cos - y * sin, x * sin + y * cos];
};

export const transform = (view, frame) => {
  const s = scale(view, frame);
  return `translate(${frame.width / 2}px, ${frame.height / 2}px) rotate(${view.turn}deg) scale(${view.flip ? -s : s}, ${s}) translate(${-view.x * frame.photoWidth}px, ${-view.y * frame.photoHeight}px)`;
};

// From a place in the photo to a point of the pane, and back.
export const toPane = (view, frame, [u, v]) => {
  const s = scale(view, frame);
  const [x, y] = turned([(u - view.x) * frame.photoWidth * (view.flip ? -s : s), (v - view.y) * frame.photoHeight * s], view.turn);
  return [x + frame.width / 2, y + frame.height / 2];
};
export const toPhoto = (view, frame, [px, py]) => {
  const s = scale(view, frame);
  const [x, y] = turned([px - frame.width / 2, py - frame.height / 2], -view.turn);
  return [view.x + x / (view.flip ? -s : s) / frame.photoWidth, view.y + y / s / frame.photoHeight];
};

// Moves what is seen by so many pixels of the pane.
export const pan = (view, frame, dx, dy) => { [view.x, view.y] = toPhoto(view, frame, [frame.width / 2 - dx, frame.height / 2 - dy]); };

// Zooms so that what lies under a point of the pane stays there.
export const zoom = (view, frame, factor, [px, py] = [frame.width / 2, frame.height / 2]) => {
  const under = toPhoto(view, frame, [px, py]);
  view.zoom = within(view.zoom * factor, limits.zoom, 1);
  const [x, y] = toPane(view, frame, under);
  pan(view, frame, px - x, py - y);
};

// The distance of two places in pixels of the photo.
export const distance = (frame, [a, b], [c, d]) => Math.hypot((c - a) * frame.photoWidth, (d - b) * frame.photoHeight);
export const eyeDistance = (view, frame) => view.eyes ? distance(frame, view.eyes[0], view.eyes[1]) : null;

// Where aligned eyes lie: level, at this share of the pane's smaller side from each other, above the middle by this share of its height.
const apart = .26, above = .08;
export const align = (view, frame) => {
  const [left, right] = view.eyes;
  const [dx, dy] = [(right[0] - left[0]) * frame.photoWidth, (right[1] - left[1]) * frame.photoHeight];
  const angle = Math.atan2(dy, dx) * 180 / Math.PI;
  view.turn = Math.round((view.flip ? angle : -angle) * 10) / 10;
  const fit = Math.min(frame.width / frame.photoWidth, frame.height / frame.photoHeight);
  view.zoom = within(apart * Math.min(frame.width, frame.height) / Math.hypot(dx, dy) / fit, limits.zoom, 1);
  [view.x, view.y] = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2];
  pan(view, frame, 0, -above * frame.height);
};

// What was done to a photo, in words; the zoom is none of it, for it changes no picture.
export const said = (name, view) => {
  const done = [];
  if (view.brightness !== 100) done.push(`brightness ${view.brightness} %`);
  if (view.contrast !== 100) done.push(`contrast ${view.contrast} %`);
  if (view.gamma !== 1) done.push(`gamma ${view.gamma}`);
  if (view.sharpen !== 0) done.push(`sharpened ${view.sharpen}`);
  if (view.grey) done.push('grey');
  if (view.turn !== 0) done.push(`turned ${view.turn}°`);
  if (view.flip) done.push('mirrored');
  return done.length ? [`${name}: ${done.join(', ')}`] : [];
};
