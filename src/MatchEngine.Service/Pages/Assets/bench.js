// The bench: two photos, looked at together. It changes what the browser shows and no stored picture; what was done can be told in words,
// for the record of an examination.
import * as looking from './view.js';
import { paintOver } from './marks.js';

const $ = (selector, within) => within.querySelector(selector);
const $$ = (selector, within) => [...within.querySelectorAll(selector)];
const ways = { overlay: 'overlay', blink: 'blink', across: 'swipe across', down: 'swipe down' };

export class Bench {
  constructor(root, announce) {
    this.root = root;
    this.announce = announce;
    this.stage = $('[data-panes]', root);
    this.panes = $$('[data-pane]', root);
    this.images = this.panes.map(pane => $('img', pane));
    this.side = $('[data-side]', root);
    this.mode = $('[data-mode]', root);
    this.mix = $('[data-mix]', root);
    this.id = this.side.id.replace(/-side$/, '');
    this.views = [looking.fresh(), looking.fresh()];
    this.used = new Set();
    this.asked = [0, 0];
    this.setting = null;
    this.panes.forEach((pane, index) => this.#listen(pane, index));
    this.#tools();
    new ResizeObserver(() => this.paint()).observe(this.stage);
    for (const [index, image] of this.images.entries()) if (image.complete && image.naturalWidth) this.#loaded(index);
  }

  // ---- Photos.
  show(index, address, { label, eyes = null } = {}) {
    const [pane, image] = [this.panes[index], this.images[index]];
    if (label) {
      pane.setAttribute('aria-label', label);
      image.alt = label;
      $('[data-name]', pane).textContent = label;
    }
    pane.dataset.eyes = eyes || '';
    this.asked[index]++;
    image.src = address;
  }

  // Another candidate: its photo begins as it is, the probe's stays as it was put.
  change(index, address, options, view) {
    this.views[index] = view || looking.fresh();
    if (index === 1) this.used = new Set(this.mode.value === 'beside' ? [] : [this.mode.value]);
    this.show(index, address, options);
    this.#controls();
    this.paint();
  }

  #loaded(index) {
    this.images[index].hidden = false;
    $('.pane-empty', this.panes[index]).hidden = true;
    this.paint();
  }

  frame(index) {
    const [pane, image] = [this.panes[index], this.images[index]];
    return { width: pane.clientWidth, height: pane.clientHeight, photoWidth: image.naturalWidth, photoHeight: image.naturalHeight };
  }

  has(index) { return !this.images[index].hidden && this.images[index].naturalWidth > 0; }

  // ---- Painting.
  paint() {
    const way = this.mode.value;
    this.stage.dataset.panes = way === 'beside' ? 'beside' : 'over';
    const share = Number(this.mix.value);
    const top = this.panes[1];
    top.style.opacity = way === 'overlay' ? share / 100 : '';
    top.style.clipPath = way === 'across' ? `inset(0 0 0 ${share}%)` : way === 'down' ? `inset(${share}% 0 0 0)` : '';
    for (const index of [0, 1]) {
      if (!this.has(index)) { $('svg', this.panes[index]).replaceChildren(); continue; }
      const [view, frame, image] = [this.views[index], this.frame(index), this.images[index]];
      image.style.transform = looking.transform(view, frame);
      image.style.filter = this.#filter(view, index);
      paintOver($('svg', this.panes[index]), view, frame, {
        grid: $('[data-grid]', this.root).checked,
        cross: this.setting && this.setting.index === index ? this.setting.cross : null,
        begun: this.setting && this.setting.index === index ? this.setting.points : [],
      });
    }
    const [a, b] = this.views.map(view => `${Math.round(view.zoom * 100)} %`);
    $('[data-zoom]', this.root).textContent = a === b ? a : `${a} and ${b}`;
  }

  #filter(view, index) {
    const steps = [];
    if (view.brightness !== 100) steps.push(`brightness(${view.brightness}%)`);
    if (view.contrast !== 100) steps.push(`contrast(${view.contrast}%)`);
    if (view.grey) steps.push('grayscale(1)');
    if (view.gamma !== 1) {
      // An exponent above 1 darkens; people expect a larger gamma to lighten.
      for (const channel of $$(`#${this.id}-gamma-${index} [type=gamma]`, document)) channel.setAttribute('exponent', 1 / view.gamma);
      steps.push(`url("#${this.id}-gamma-${index}")`);
    }
    if (view.sharpen !== 0) {
      const s = view.sharpen;
      $(`#${this.id}-sharpen-${index} feConvolveMatrix`, document).setAttribute('kernelMatrix', `0 ${-s} 0 ${-s} ${1 + 4 * s} ${-s} 0 ${-s} 0`);
      steps.push(`url("#${this.id}-sharpen-${index}")`);
    }
    return steps.join(' ');
  }

  // ---- Changing.
  // Both; or the one that is pointed at, where both are seen; or the chosen one.
  #targets(index) {
    if (this.side.value === 'both') return [0, 1];
    return [this.mode.value === 'beside' && index !== undefined ? index : Number(this.side.value)];
  }

  alter(index, work) {
    for (const i of this.#targets(index)) {
      if (!this.has(i)) continue;
      work(this.views[i], this.frame(i), i);
      looking.clamp(this.views[i]);
    }
    this.#told();
  }

  fit(index) { this.alter(index, view => Object.assign(view, { zoom: 1, x: .5, y: .5 })); }

  reset() {
    for (const i of this.#targets()) this.views[i] = { ...looking.fresh(), eyes: this.views[i].eyes };
    if (this.side.value === 'both') {
      this.mode.value = 'beside';
      this.#way();
      $('[data-grid]', this.root).checked = false;
    }
    this.#told();
  }

  #told() {
    this.#controls();
    this.paint();
    this.root.dispatchEvent(new CustomEvent('bench-changed', { bubbles: true }));
  }

  // The controls say how the photo stands that they change: the chosen one, or the left one of both.
  #controls() {
    const view = this.views[this.#targets()[0]];
    for (const control of $$('[data-adjust]', this.root)) {
      if (control.type === 'checkbox') control.checked = view[control.dataset.adjust];
      else control.value = view[control.dataset.adjust];
    }
    for (const output of $$('[data-shows]', this.root)) output.textContent = view[output.dataset.shows];
    this.#list();
  }

  // ---- Eyes.
  async #eyesOf(index) {
    const view = this.views[index];
    const address = this.panes[index].dataset.eyes;
    if (view.eyes || !address) return view.eyes;
    const asked = this.asked[index];
    try {
      const answer = await fetch(address, { cache: 'no-store' });
      const found = answer.ok && answer.status !== 204 ? await answer.json() : null;
      // Another photo may have come meanwhile.
      if (found && this.asked[index] === asked) this.views[index].eyes = [[found.leftX, found.leftY], [found.rightX, found.rightY]];
    } catch { /* They can be set by hand. */ }
    return this.views[index].eyes;
  }

  async align() {
    const missing = [];
    for (const index of this.#targets()) {
      if (!this.has(index)) continue;
      if (await this.#eyesOf(index)) looking.align(this.views[index], this.frame(index));
      else missing.push(this.panes[index].getAttribute('aria-label'));
    }
    this.#told();
    this.announce(missing.length ? `Where the eyes are is not known: ${missing.join(', ')}. Set them under “Measure”.` : 'Aligned by the eyes.');
  }

  // ---- Points that are set: marks, the ends of rulers, eyes.
  begin(kind) {
    this.setting = { kind, index: null, cross: null, points: [] };
    this.stage.classList.add('pointing');
    // What is folded out would lie over the photo.
    for (const popped of $$('details.pop[open]', this.root)) popped.open = false;
    this.announce({ mark: 'Set the place of the mark in a photo.', ruler: 'Set two points in a photo.', eyes: 'Set the eye on the left of a photo, then the one on the right.' }[kind]);
    this.panes[this.#targets()[0]].focus();
  }

  end() {
    this.setting = null;
    this.stage.classList.remove('pointing');
    this.paint();
  }

  #point(index, at) {
    const setting = this.setting;
    if (setting.index !== index) setting.points = [];
    setting.index = index;
    setting.points.push(looking.toPhoto(this.views[index], this.frame(index), at));
    if (setting.kind !== 'mark' && setting.points.length < 2) { this.paint(); return; }
    const view = this.views[index];
    if (setting.kind === 'mark' && view.marks.length < 20) view.marks.push({ at: setting.points[0], note: '', number: Math.max(0, ...this.views.flatMap(one => one.marks.map(mark => mark.number))) + 1 });
    if (setting.kind === 'ruler' && view.rulers.length < 20) view.rulers.push(setting.points);
    if (setting.kind === 'eyes') view.eyes = [...setting.points].sort((a, b) => a[0] - b[0]);
    const kind = setting.kind;
    this.end();
    this.#told();
    if (kind !== 'mark') return;
    const notes = $$('[data-marks] input', this.root);
    const list = $('[data-marks]', this.root).closest('details');
    if (list) list.open = true;
    if (notes.length) notes.at(-1).focus();
  }

  #list() {
    const list = $('[data-marks]', this.root);
    if (list.contains(document.activeElement)) return;
    list.replaceChildren();
    for (const [index, view] of this.views.entries()) for (const mark of view.marks) {
      const [item, note, away] = [document.createElement('li'), document.createElement('input'), document.createElement('button')];
      const where = this.#name(index);
      item.value = mark.number;
      note.value = mark.note;
      note.maxLength = 300;
      note.setAttribute('aria-label', `Note of mark ${mark.number} on the ${where}`);
      note.placeholder = `on the ${where}`;
      note.addEventListener('input', () => { mark.note = note.value; this.#told(); });
      away.type = 'button';
      away.className = 'plain';
      away.textContent = '×';
      away.setAttribute('aria-label', `Take mark ${mark.number} away`);
      away.addEventListener('click', () => { view.marks.splice(view.marks.indexOf(mark), 1); away.blur(); this.#told(); });
      item.append(note, away);
      list.append(item);
    }
  }

  #name(index) { return $$('option', this.side)[index + 1].textContent.replace(/ only$/, '').toLowerCase(); }

  // ---- What was done, in words.
  said() {
    const lines = this.views.flatMap((view, index) => looking.said(this.#name(index), view));
    if (this.used.size) lines.push(`looked at by ${[...this.used].map(way => ways[way]).join(', ')}`);
    for (const [index, view] of this.views.entries()) for (const mark of view.marks) lines.push(`mark ${mark.number} on the ${this.#name(index)} at ${mark.at.map(part => `${Math.round(part * 100)} %`).join(', ')}${mark.note ? `: ${mark.note}` : ''}`);
    return lines;
  }

  // ---- Listening.
  #listen(pane, index) {
    const image = this.images[index];
    image.draggable = false;
    image.addEventListener('load', () => this.#loaded(index));
    image.addEventListener('error', () => {
      image.hidden = true;
      const note = $('.pane-empty', pane);
      note.hidden = false;
      note.textContent = 'No photo is kept, or this browser cannot show it.';
      this.paint();
    });
    const at = event => { const area = pane.getBoundingClientRect(); return [event.clientX - area.left - pane.clientLeft, event.clientY - area.top - pane.clientTop]; };
    pane.addEventListener('wheel', event => {
      event.preventDefault();
      this.alter(index, (view, frame) => looking.zoom(view, frame, Math.exp(-event.deltaY / 500), at(event)));
    }, { passive: false });
    pane.addEventListener('pointerdown', event => {
      pane.focus();
      if (this.setting) { event.preventDefault(); this.#point(index, at(event)); return; }
      pane.setPointerCapture(event.pointerId);
    });
    pane.addEventListener('pointermove', event => {
      if (pane.hasPointerCapture(event.pointerId)) this.alter(index, (view, frame) => looking.pan(view, frame, event.movementX, event.movementY));
    });
    pane.addEventListener('focus', () => {
      if (!this.setting || !this.has(index)) return;
      Object.assign(this.setting, { index, cross: [pane.clientWidth / 2, pane.clientHeight / 2] });
      this.paint();
    });
    pane.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const far = event.shiftKey ? 100 : this.setting ? 4 : 30;
      const arrows = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] };
      if (this.setting && this.setting.cross && this.setting.index === index && (arrows[event.key] || event.key === 'Enter')) {
        if (event.key === 'Enter') this.#point(index, this.setting.cross);
        else { this.setting.cross = this.setting.cross.map((part, i) => part + arrows[event.key][i]); this.paint(); }
      } else if (event.key === 'Escape' && this.setting) this.end();
      else if (event.key === '+' || event.key === '=') this.alter(index, (view, frame) => looking.zoom(view, frame, 1.25));
      else if (event.key === '-') this.alter(index, (view, frame) => looking.zoom(view, frame, 1 / 1.25));
      else if (arrows[event.key]) this.alter(index, (view, frame) => looking.pan(view, frame, -arrows[event.key][0], -arrows[event.key][1]));
      else if (event.key === '0') this.fit(index);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  #tools() {
    const acts = {
      in: () => this.alter(undefined, (view, frame) => looking.zoom(view, frame, 1.25)),
      out: () => this.alter(undefined, (view, frame) => looking.zoom(view, frame, 1 / 1.25)),
      fit: () => this.fit(),
      align: () => this.align(),
      reset: () => this.reset(),
      clear: () => { for (const view of this.views) { view.marks = []; view.rulers = []; } this.#told(); },
    };
    this.root.addEventListener('click', event => {
      const button = event.target.closest('[data-do], [data-point]');
      if (!button) return;
      if (button.dataset.point) this.begin(button.dataset.point);
      else acts[button.dataset.do]();
    });
    this.side.addEventListener('change', () => this.#controls());
    this.mode.addEventListener('change', () => { this.#way(); this.#told(); });
    this.mix.addEventListener('input', () => { this.#pace(); this.paint(); });
    $('[data-grid]', this.root).addEventListener('change', async () => {
      if ($('[data-grid]', this.root).checked) await Promise.all([0, 1].filter(index => this.has(index)).map(index => this.#eyesOf(index)));
      this.paint();
    });
    for (const control of $$('[data-adjust]', this.root)) control.addEventListener('input', () => {
      const value = control.type === 'checkbox' ? control.checked : Number(control.value);
      this.alter(undefined, view => { view[control.dataset.adjust] = value; });
    });
  }

  #way() {
    const way = this.mode.value;
    this.mix.hidden = way === 'beside';
    this.mix.setAttribute('aria-label', { blink: 'Pace', across: 'Place of the edge', down: 'Place of the edge' }[way] || 'Share of the right photo');
    if (way !== 'beside') this.used.add(way);
    this.#pace();
  }

  // At most one change in a third of a second: quicker flashing can harm people.
  #pace() {
    clearInterval(this.blinking);
    this.panes[1].style.visibility = '';
    if (this.mode.value !== 'blink') return;
    this.blinking = setInterval(() => { this.panes[1].style.visibility = this.panes[1].style.visibility ? '' : 'hidden'; }, 1400 - 10.5 * Number(this.mix.value));
  }
}
