// The examiner's desk: the strip of candidates, the keys that change over, and drafts that are saved as one types. The probe stays where it
// is. A draft goes to the service, which seals it beside the probe: nothing that describes a person lies in the browser's storage.
import { read } from './view.js';

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
// Words go at once, one sending after the other; how the photos lie goes when they come to rest.
const [soon, settled] = [50, 400];

export class Desk {
  constructor(bench, strip, announce) {
    this.bench = bench;
    this.announce = announce;
    this.strip = strip;
    this.digits = '';
    document.addEventListener('click', event => {
      const link = event.target.closest('[data-strip] [data-number]');
      if (!link || !this.strip.contains(link) || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      this.go(link);
    });
    document.addEventListener('keydown', event => this.#key(event));
    if (!strip.closest('dialog')) {
      // The page says which candidate it shows, so that Back and reload come to the same one.
      const shown = this.links[this.current];
      if (shown) history.replaceState({ number: shown.dataset.number }, '', shown.href);
      window.addEventListener('popstate', () => this.#back());
    }
    this.form = $('form[data-assessment]');
    if (this.form) this.#notes();
  }

  get links() { return $$('[data-number]', this.strip); }

  get current() { return this.links.findIndex(link => link.getAttribute('aria-current') === 'true'); }

  #key(event) {
    const dialog = this.strip.closest('dialog');
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || (dialog && !dialog.open)) return;
    // Where keys write, choose or move something they do that.
    if (event.target.closest('input, textarea, select, [contenteditable], summary, .popped')) return;
    const step = { ArrowLeft: -1, PageUp: -1, ArrowRight: 1, PageDown: 1 }[event.key];
    if (step) {
      const link = this.links[this.current + step];
      event.preventDefault();
      if (link) this.go(link);
      return;
    }
    const keys = $('[data-single-keys]');
    if (!/^[0-9]$/.test(event.key) || (keys && !keys.checked)) return;
    // A number of two digits: the second one in time.
    clearTimeout(this.waiting);
    this.digits = (this.digits + event.key).slice(-2);
    const link = this.links.find(one => one.dataset.number === this.digits) || this.links.find(one => one.dataset.number === event.key);
    this.waiting = setTimeout(() => { this.digits = ''; }, 800);
    if (link) { event.preventDefault(); this.go(link); }
  }

  async go(link, remember = true) {
    if (link.getAttribute('aria-current') === 'true') return;
    const within = this.strip.contains(document.activeElement);
    if (this.form) {
      if (!await this.save()) return;
      try {
        const answer = await fetch(link.href, { headers: { 'X-Fragment': '1' }, cache: 'no-store' });
        if (!answer.ok) throw new Error(String(answer.status));
        this.#put(await answer.text());
      } catch { this.#failed(); return; }
      link = this.links.find(one => one.dataset.number === link.dataset.number) || link;
    } else {
      for (const one of this.links) one.removeAttribute('aria-current');
      link.setAttribute('aria-current', 'true');
    }
    if (remember && link.href) history.pushState({ number: link.dataset.number }, '', link.href);
    this.#show(link);
    if (within) link.focus();
    link.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.announce(`${link.dataset.label}${this.form && $('[data-draft-state]', this.form).textContent ? ', with a draft' : ''}`);
  }

  #show(link) {
    const views = this.#views();
    this.bench.change(1, link.dataset.picture, { label: link.dataset.label, eyes: link.dataset.eyes }, views && views[1]);
    if (this.form) this.#tell();
  }

  async #back() {
    const link = this.links.find(one => one.href === location.href) || this.links[0];
    if (link) await this.go(link, false);
  }

  // ---- What is said of the candidate.
  #put(html) {
    const template = document.createElement('template');
    template.innerHTML = html;
    const [strip, form] = [$('[data-strip]', template.content), $('form[data-assessment]', template.content)];
    if (!strip || !form) throw new Error('no part of the desk');
    this.strip.replaceWith(strip);
    this.strip = strip;
    this.form.replaceWith(form);
    this.form = form;
    const unsaid = $('[data-unsaid]');
    if (unsaid) unsaid.textContent = this.links.filter(link => link.textContent.includes('nothing said yet')).length;
    this.#notes();
  }

  #views() {
    if (!this.form) return null;
    try {
      const views = JSON.parse($('[name=view]', this.form).value).map(read);
      return views.length === 2 ? views : null;
    } catch { return null; }
  }

  #notes() {
    const form = this.form;
    if (!this.begun) {
      this.begun = true;
      const views = this.#views();
      if (views) { this.bench.views = views; this.bench.paint(); }
      this.bench.root.addEventListener('bench-changed', () => { this.#tell(); this.#later(false); });
      // Who leaves is asked where words are under way, which arrive while one answers, or cannot be saved; what else is new goes along.
      window.addEventListener('beforeunload', event => {
        if (this.typed && (this.dirty || this.saving)) event.preventDefault();
        if (this.dirty) this.save(true);
      });
      document.addEventListener('visibilitychange', () => { if (document.hidden && this.dirty) this.save(true); });
    }
    this.dirty = this.typed = false;
    form.addEventListener('input', () => this.#later(true));
    form.addEventListener('submit', event => this.#record(event));
    this.#tell();
  }

  #tell() {
    const [lines, place] = [this.bench.said(), $('[data-processing]', this.form)];
    $('[name=processing]', this.form).value = lines.join('\n');
    place.hidden = lines.length === 0;
    place.textContent = lines.length ? `For the record: ${lines.join('; ')}.` : '';
  }

  // How the photos lie is kept too, without a word: only what is typed is a draft of a judgement.
  #later(typed) {
    this.dirty = true;
    if (typed) { this.typed = true; $('[data-draft-state]', this.form).textContent = 'Typing…'; }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), typed ? soon : settled);
  }

  #send(last) {
    $('[name=view]', this.form).value = JSON.stringify(this.bench.views);
    const data = new URLSearchParams(new FormData(this.form));
    data.delete('processing');
    this.dirty = false;
    return fetch(this.form.dataset.assessment, { method: 'POST', body: data, headers: { 'X-Fragment': '1' }, redirect: 'error', keepalive: last });
  }

  // Whether everything that was typed is with the service.
  async save(last = false) {
    clearTimeout(this.timer);
    while (this.saving && !last) await this.saving;
    if (!this.dirty) return true;
    const form = this.form;
    this.saving = (async () => {
      try {
        const answer = await this.#send(last);
        if (!answer.ok) throw new Error(String(answer.status));
        if (!this.dirty && this.typed) $('[data-draft-state]', form).textContent = 'Draft saved, not recorded';
        return true;
      } catch {
        this.dirty = true;
        this.#failed();
        return false;
      } finally { this.saving = null; }
    })();
    return this.saving;
  }

  #failed() {
    $('[data-draft-state]', this.form).textContent = 'Not saved: the service cannot be reached, or you are signed out. What you typed is still here.';
  }

  async #record(event) {
    event.preventDefault();
    clearTimeout(this.timer);
    const form = this.form;
    if (this.saving) await this.saving;
    try {
      const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { 'X-Fragment': '1' }, redirect: 'error' });
      if (!answer.ok) {
        const problem = document.createElement('template');
        problem.innerHTML = await answer.text();
        for (const old of $$('.problem', form)) old.remove();
        form.prepend(problem.content);
        return;
      }
      this.dirty = false;
      this.#put(await answer.text());
    } catch { this.#failed(); return; }
    const link = this.links[this.current];
    if (link) {
      history.pushState({ number: link.dataset.number }, '', link.href);
      this.#show(link);
      link.focus();
    }
    this.announce('Your finding was recorded.');
  }
}
