// What would be done to a photo before it is searched with, shown as the service will do it: the same steps in the same order. Only the
// numbers in the form are sent; the service does it to the photo that comes with them.
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const sides = ['cropX', 'cropY', 'cropWidth', 'cropHeight'];
const asItIs = { turn: 0, brightness: 100, contrast: 100, gamma: 1 };
// The longer side of what is shown, in pixels.
const shownSide = 420;

export class Preparation {
  constructor(root, announce) {
    this.root = root;
    this.announce = announce;
    this.photo = $('[data-stage-photo]', root);
    this.prepared = $('[data-stage-prepared]', root);
    root.addEventListener('input', () => this.paint());
    for (const button of $$('[data-quarter]', root)) button.addEventListener('click', () => this.#quarter(Number(button.dataset.quarter)));
    $('[data-unprepare]', root).addEventListener('click', () => { this.reset(); announce('Nothing is done to the photo.'); });
    $('[data-prepare-buttons]', root).hidden = false;
    this.photo.addEventListener('pointerdown', event => this.#begin(event));
    this.photo.addEventListener('pointermove', event => this.#drag(event));
    for (const end of ['pointerup', 'pointercancel']) this.photo.addEventListener(end, () => { this.from = null; });
    this.paint();
  }

  #input(name) { return $(`[name=${name}]`, this.root); }

  #value(name) {
    const number = Number(this.#input(name).value);
    return this.#input(name).value.trim() && Number.isFinite(number) ? number : asItIs[name];
  }

  // The part that is left, within the photo; null while it is all of it.
  #crop() {
    const [x, y, width, height] = sides.map(name => this.#input(name).value.trim() === '' ? NaN : Number(this.#input(name).value));
    if (![x, y, width, height].every(Number.isFinite) || !this.image) return null;
    const [right, bottom] = [Math.min(x + width, this.image.naturalWidth), Math.min(y + height, this.image.naturalHeight)];
    return right > x && bottom > y && x >= 0 && y >= 0 ? [x, y, right - x, bottom - y] : null;
  }

  // Another photo: what was set belongs to the one before.
  show(image, another) {
    this.image = image;
    $('[data-stage]', this.root).hidden = !image;
    if (another) this.reset(); else this.paint();
  }

  reset() {
    for (const name of sides) this.#input(name).value = '';
    for (const [name, value] of Object.entries(asItIs)) this.#input(name).value = value;
    $('[value=original]', this.root).checked = true;
    this.paint();
  }

  #quarter(degrees) {
    let turn = this.#value('turn') + degrees;
    if (turn > 180) turn -= 360;
    if (turn < -180) turn += 360;
    this.#input('turn').value = turn;
    this.paint();
    this.announce(`Turned ${Math.abs(turn)} degrees ${turn < 0 ? 'anticlockwise' : 'clockwise'}.`);
  }

  #place(event) {
    const box = this.photo.getBoundingClientRect();
    const part = (at, from, length) => Math.min(1, Math.max(0, (at - from) / length));
    return [part(event.clientX, box.left, box.width) * this.image.naturalWidth, part(event.clientY, box.top, box.height) * this.image.naturalHeight];
  }

  #begin(event) {
    if (!this.image || event.button) return;
    event.preventDefault();
    this.photo.setPointerCapture(event.pointerId);
    this.from = this.#place(event);
  }

  #drag(event) {
    if (!this.from) return;
    const to = this.#place(event);
    const [x, y] = [Math.min(this.from[0], to[0]), Math.min(this.from[1], to[1])].map(Math.floor);
    const [right, bottom] = [Math.max(this.from[0], to[0]), Math.max(this.from[1], to[1])].map(Math.ceil);
    // A click is no part.
    if (right - x < 8 || bottom - y < 8) return;
    [x, y, right - x, bottom - y].forEach((value, index) => { this.#input(sides[index]).value = value; });
    this.paint();
  }

  paint() {
    this.#tell();
    if (!this.image) return;
    const { naturalWidth: width, naturalHeight: height } = this.image;
    const crop = this.#crop();
    const k = Math.min(1, shownSide / Math.max(width, height));
    [this.photo.width, this.photo.height] = [Math.max(1, Math.round(width * k)), Math.max(1, Math.round(height * k))];
    const context = this.photo.getContext('2d');
    context.drawImage(this.image, 0, 0, this.photo.width, this.photo.height);
    if (crop) {
      const [x, y, w, h] = crop.map(side => side * k);
      context.fillStyle = 'rgb(0 0 0 / .6)';
      for (const [left, top, right, bottom] of [[0, 0, this.photo.width, y], [0, y + h, this.photo.width, this.photo.height], [0, y, x, y + h], [x + w, y, this.photo.width, y + h]])
        context.fillRect(left, top, right - left, bottom - top);
      context.strokeStyle = '#fff';
      context.lineWidth = 2;
      context.strokeRect(x, y, w, h);
    }
    this.#paintPrepared(crop || [0, 0, width, height]);
  }

  #paintPrepared([x, y, width, height]) {
    const turn = this.#value('turn') * Math.PI / 180;
    const [cos, sin] = [Math.abs(Math.cos(turn)), Math.abs(Math.sin(turn))];
    const [outWidth, outHeight] = [width * cos + height * sin, width * sin + height * cos];
    const k = Math.min(1, shownSide / Math.max(outWidth, outHeight));
    [this.prepared.width, this.prepared.height] = [Math.max(1, Math.round(outWidth * k)), Math.max(1, Math.round(outHeight * k))];
    const context = this.prepared.getContext('2d', { willReadFrequently: true });
    context.fillStyle = '#000';
    context.fillRect(0, 0, this.prepared.width, this.prepared.height);
    context.translate(this.prepared.width / 2, this.prepared.height / 2);
    context.rotate(turn);
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.image, x, y, width, height, -width * k / 2, -height * k / 2, width * k, height * k);
    const [brightness, contrast, gamma] = ['brightness', 'contrast', 'gamma'].map(name => this.#value(name));
    if (brightness === 100 && contrast === 100 && gamma === 1) return;
    const within = value => Math.min(1, Math.max(0, value));
    const table = Uint8ClampedArray.from({ length: 256 }, (_, value) =>
      Math.round(255 * Math.pow(within((within(value / 255 * brightness / 100) - .5) * contrast / 100 + .5), 1 / gamma)));
    const pixels = context.getImageData(0, 0, this.prepared.width, this.prepared.height);
    for (let at = 0; at < pixels.data.length; at++) if (at % 4 !== 3) pixels.data[at] = table[pixels.data[at]];
    context.putImageData(pixels, 0, 0);
  }

  #tell() {
    const changed = sides.some(name => this.#input(name).value.trim() !== '') || Object.keys(asItIs).some(name => this.#value(name) !== asItIs[name]);
    const prepared = $('[value=prepared]', this.root).checked;
    const says = !changed ? '' : prepared
      ? 'The photo will be prepared, and the record will say how.'
      : 'The photo will be searched with as it came: what is set here is not done.';
    const place = $('[data-prepare-state]', this.root);
    if (place.textContent !== says) place.textContent = says;
  }
}
