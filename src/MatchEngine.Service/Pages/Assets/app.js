// What the pages do beyond HTML: drop zones, answers without leaving the page (so that the browser's own copy of a probe can be shown
// beside the candidates), one result a photo while enrolling, and the examiner's bench. Nothing here is needed to use the service.
import { Bench } from './bench.js';
import { Desk } from './desk.js';
import { Preparation } from './prepare.js';

{
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const announce = text => { const place = $('#announce'); if (place) { place.textContent = ''; requestAnimationFrame(() => { place.textContent = text; }); } };
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  // ---- Photos in the browser: one object URL a file, given back when another takes its place.
  const urls = new Map();
  const urlOf = file => { if (!urls.has(file)) urls.set(file, URL.createObjectURL(file)); return urls.get(file); };
  const forget = keep => { for (const [file, url] of urls) if (!keep.includes(file)) { URL.revokeObjectURL(url); urls.delete(file); } };
  const chosen = () => $$('input[type=file]').flatMap(input => [...input.files]);
  const fileOf = name => { const input = $(`input[type=file][name="${CSS.escape(name)}"]`); return input && input.files[0]; };
  const shown = file => new Promise((done, failed) => { const image = new Image(); image.onload = () => done(image); image.onerror = failed; image.src = urlOf(file); });

  const preparations = new Map($$('[data-prepare]').map(root => [$('input[type=file]', root.closest('form')), new Preparation(root, announce)]));
  const preview = async (input, another) => {
    forget(chosen());
    preparations.get(input)?.show(null, another);
    if (another) for (const place of $$('[name=face]:not(select)', input.form)) place.value = '';
    const place = $('[data-preview]', input.closest('[data-drop]'));
    if (!place) return;
    place.replaceChildren();
    place.hidden = input.files.length === 0;
    if (place.hidden) return;
    try {
      const image = await shown(input.files[0]);
      image.alt = `Preview of ${input.files[0].name}`;
      place.replaceChildren(image);
      preparations.get(input)?.show(image, another);
    } catch {
      place.textContent = `${input.files[0].name}: this browser cannot show the format; the service may still read it.`;
    }
  };
  const give = (input, files) => {
    if (files.length === 0) return;
    const transfer = new DataTransfer();
    for (const file of input.multiple ? files : files.slice(0, 1)) transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    announce(input.files.length === 1 ? `${input.files[0].name} chosen` : `${input.files.length} photos chosen`);
  };
  for (const zone of $$('[data-drop]')) {
    const input = $('input[type=file]', zone);
    input.addEventListener('change', () => preview(input, true));
    for (const kind of ['dragenter', 'dragover']) zone.addEventListener(kind, event => { event.preventDefault(); zone.classList.add('over'); });
    zone.addEventListener('dragleave', event => { if (!zone.contains(event.relatedTarget)) zone.classList.remove('over'); });
    zone.addEventListener('drop', event => {
      event.preventDefault();
      zone.classList.remove('over');
      give(input, [...event.dataTransfer.files]);
    });
    if (input.files.length) preview(input);
  }
  // A photo dropped beside a zone must not replace the page.
  for (const kind of ['dragover', 'drop']) window.addEventListener(kind, event => event.preventDefault());
  document.addEventListener('paste', event => {
    const files = [...(event.clipboardData ? event.clipboardData.files : [])];
    const input = $('[data-probe-form] input[type=file]') || $('[data-queue] input[type=file]');
    if (input && files.length) { event.preventDefault(); give(input, files); }
  });

  // ---- The probe beside its candidates.
  const numbers = text => text.split(' ').map(Number);
  const drawFace = (canvas, image, [x, y, width, height]) => {
    // A square around the face with room for hair and chin, as the crops of candidates have it.
    const side = Math.max(width, height) * 1.6;
    const context = canvas.getContext('2d');
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, x + width / 2 - side / 2, y + height / 2 - side / 2, side, side, 0, 0, canvas.width, canvas.height);
  };
  const scaled = (image, box, size) => {
    const [kx, ky] = [image.naturalWidth / size[0], image.naturalHeight / size[1]];
    return [box[0] * kx, box[1] * ky, box[2] * kx, box[3] * ky];
  };
  // Each face that was found, to be clicked on where it is. By keys the list beside the photo does the same.
  const drawChoices = (place, within, [width, height]) => {
    const choices = $$('button[data-choose-face]', within);
    if (choices.length === 0) return;
    $('svg', place).remove();
    for (const choice of choices) {
      choice.hidden = false;
      const [x, y, w, h] = numbers(choice.dataset.faceBox);
      const frame = element('button', { type: 'button', class: 'face-frame', 'data-choose-face': choice.dataset.chooseFace, 'aria-pressed': 'false', 'aria-hidden': 'true', tabindex: '-1' }, choice.textContent.replace(/\D/g, ''));
      Object.assign(frame.style, { left: `${100 * x / width}%`, top: `${100 * y / height}%`, width: `${100 * w / width}%`, height: `${100 * h / height}%` });
      place.append(frame);
    }
    for (const hint of $$('[data-choosing]', within)) hint.hidden = false;
  };
  document.addEventListener('click', event => {
    const choice = event.target.closest && event.target.closest('[data-choose-face]');
    const result = choice && choice.closest('#result');
    const form = result && $(`form[data-fill="#${result.id}"]`);
    if (!form) return;
    $('[name=face]:not(select)', form).value = choice.dataset.chooseFace;
    for (const other of $$('[data-choose-face]', result)) other.setAttribute('aria-pressed', String(other.dataset.chooseFace === choice.dataset.chooseFace));
    announce(`The face at ${choice.dataset.chooseFace} is chosen.`);
  });
  const drawProbes = async (within, files) => {
    for (const figure of $$('[data-probe]', within)) {
      const place = $('[data-picture]', figure);
      const file = files[figure.dataset.probe];
      if (!file) { place.textContent = 'not shown: the service keeps no copy'; continue; }
      try {
        const image = await shown(file);
        image.alt = 'The photo as this browser has it';
        const [box, size] = [numbers(figure.dataset.box), numbers(figure.dataset.size)];
        const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
        svg.setAttribute('viewBox', `0 0 ${size[0]} ${size[1]}`);
        svg.setAttribute('preserveAspectRatio', 'none');
        svg.setAttribute('role', 'img');
        svg.setAttribute('aria-label', 'Frame around the detected face');
        for (const name of ['edge', '']) {
          const rect = document.createElementNS(svg.namespaceURI, 'rect');
          ['x', 'y', 'width', 'height'].forEach((key, i) => rect.setAttribute(key, box[i]));
          if (name) rect.setAttribute('class', name);
          svg.append(rect);
        }
        place.replaceChildren(image, svg);
        if (figure.dataset.probe === 'image') drawChoices(place, within, size);
        if (figure.dataset.probe === 'image')
          for (const canvas of $$('canvas[data-probe-face]', within)) drawFace(canvas, image, scaled(image, box, size));
      } catch {
        place.textContent = 'This browser cannot show the photo’s format.';
      }
    }
    const probe = files.image;
    const buttons = $$('[data-face-box]', within);
    if (probe && buttons.length) {
      try {
        const image = await shown(probe);
        for (const button of buttons) {
          const canvas = element('canvas', { width: 96, height: 96, 'aria-hidden': 'true' });
          drawFace(canvas, image, numbers(button.dataset.faceBox));
          button.prepend(canvas);
        }
      } catch { /* The numbers say it too. */ }
    }
    for (const image of $$('img.face', within)) image.addEventListener('error', () => image.replaceWith(element('span', { class: 'face none' }, 'no photo kept')), { once: true });
    for (const button of $$('[data-bench-open], [data-print]', within)) button.hidden = false;
    for (const answer of $$('.answer', within)) list(answer, files);
  };

  // ---- The list: as cards or rows, candidates chosen, the way through them by keys.
  const list = (answer, files) => {
    const views = $$('[data-view-as]', answer);
    const as = view => {
      answer.dataset.view = view;
      for (const button of views) button.setAttribute('aria-pressed', String(button.dataset.viewAs === view));
    };
    for (const button of views) button.addEventListener('click', () => { as(button.dataset.viewAs); announce(`Shown as ${button.textContent.toLowerCase()}`); });
    const picks = $$('[data-pick]', answer);
    const [compare, says, form] = [$('[data-bench-picked]', answer), $('[data-picked]', answer), $('[data-with-probe]', answer)];
    const all = says && says.textContent;
    const picked = () => picks.filter(pick => pick.checked);
    answer.addEventListener('change', event => {
      if (!event.target.matches('[data-pick]')) return;
      const count = picked().length;
      if (compare) compare.hidden = count === 0;
      if (says) says.textContent = count ? `${count} of ${picks.length} candidates` : all;
    });
    if (compare) compare.addEventListener('click', () => $('[data-bench-open]', picked()[0].closest('.candidate')).click());
    // Up and down from one candidate to the next, where nothing else takes the keys.
    $('.candidates', answer)?.addEventListener('keydown', event => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const here = event.target.closest('.candidate');
      if (!step || !here) return;
      const next = picks[picks.findIndex(pick => here.contains(pick)) + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
    // The browser still has the probe: nobody looks for the file again.
    if (form && files.image) {
      const transfer = new DataTransfer();
      transfer.items.add(files.image);
      $('input[type=file]', form).files = transfer.files;
    }
  };

  // ---- Forms whose answer is a part of the page.
  const ask = async (form, submitter, data) => {
    const address = submitter && submitter.hasAttribute('formaction') ? submitter.formAction : form.action;
    const response = await fetch(address, { method: 'POST', body: data, headers: { 'X-Fragment': '1' }, cache: 'no-store', redirect: 'error' });
    return { ok: response.ok, status: response.status, wait: Number(response.headers.get('Retry-After')), html: await response.text() };
  };
  const body = (form, submitter) => {
    const data = new FormData(form);
    if (submitter && submitter.name) data.append(submitter.name, submitter.value);
    return data;
  };
  const failure = text => `<div class="problem" role="alert"><p><strong>No answer.</strong> ${text}</p></div>`;
  for (const form of $$('form[data-fill]')) form.addEventListener('submit', async event => {
    event.preventDefault();
    const submitter = event.submitter;
    const place = $(form.dataset.fill);
    const busy = $('.busy', form);
    const buttons = $$('button', form);
    // Taken now: the list must show the probe that it was made with, whatever is chosen meanwhile.
    const files = Object.fromEntries($$('input[type=file]', form).filter(input => input.files.length).map(input => [input.name, input.files[0]]));
    const data = body(form, submitter);
    buttons.forEach(button => { button.disabled = true; });
    if (busy) busy.hidden = false;
    place.setAttribute('aria-busy', 'true');
    try {
      const answer = await ask(form, submitter, data);
      place.innerHTML = answer.html;
    } catch {
      place.innerHTML = failure('The service cannot be reached. Nothing is lost: try again in a moment.');
    } finally {
      buttons.forEach(button => { button.disabled = false; });
      if (busy) busy.hidden = true;
      place.removeAttribute('aria-busy');
    }
    const says = $('[data-says]', place);
    if (says) announce(says.dataset.says);
    await drawProbes(place, files);
    // Back and reload come to the list again, without the probe.
    const made = $('[data-search-id]', place);
    if (made && form.id === 'search-form') history.replaceState(null, '', `/search?made=${encodeURIComponent(made.dataset.searchId)}`);
    place.dataset.files = 'kept';
    filesOf.set(place, files);
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
    place.dispatchEvent(new CustomEvent('filled', { bubbles: true }));
  });
  const filesOf = new WeakMap();

  // ---- What a form must have: marked when a gallery is chosen that demands it, and where the service missed it.
  for (const form of $$('form[data-probe-form]')) {
    const always = $$('[data-purpose][required]', form).map(input => input.name);
    const mark = () => {
      const needed = new Set([...always, ...$$('[data-needs]:checked', form).flatMap(box => box.dataset.needs.split(' '))]);
      for (const input of $$('[data-purpose]', form)) {
        input.required = needed.has(input.name);
        $('[data-required]', input.labels[0]).hidden = !input.required;
      }
    };
    form.addEventListener('change', mark);
    mark();
  }
  document.addEventListener('filled', event => {
    const missing = ($('[data-fields]', event.target)?.dataset.fields || '').split(' ');
    const form = $(`form[data-fill="#${event.target.id}"]`);
    if (!form) return;
    // The reason is told with the field, beside what else is told of it.
    for (const input of $$('input:not([type=hidden]), select, textarea', form)) {
      const told = (input.getAttribute('aria-describedby') || '').split(' ').filter(id => id && id !== event.target.id);
      if (missing.includes(input.name)) { input.setAttribute('aria-invalid', 'true'); told.push(event.target.id); } else input.removeAttribute('aria-invalid');
      if (told.length) input.setAttribute('aria-describedby', told.join(' ')); else input.removeAttribute('aria-describedby');
    }
    const first = $('[aria-invalid]', form);
    for (let fold = first?.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
    first?.focus();
  });

  // ---- Words that were not sent: who would leave is asked.
  for (const form of $$('form[data-warns]')) {
    form.addEventListener('submit', () => { form.dataset.sent = 'yes'; });
    window.addEventListener('beforeunload', event => {
      if (!form.dataset.sent && $$('textarea', form).some(area => area.value.trim() !== area.defaultValue.trim())) event.preventDefault();
    });
  }

  // ---- Enrolment: one photo a request, its result at once; of several faces the one that is clicked on.
  for (const form of $$('form[data-queue]')) {
    const input = $('input[type=file]', form);
    const list = $(form.dataset.queue);
    const count = $('[data-count]', form);
    let stopped = false;
    const send = async (file, fields) => {
      const data = new FormData();
      for (const [key, value] of fields) data.append(key, value);
      data.append(input.name, file, file.name);
      let answer;
      try {
        do {
          answer = await ask(form, null, data);
          // Busy or asked too often: the service says how long to wait.
          if (!stopped && (answer.status === 503 || answer.status === 429)) await new Promise(go => setTimeout(go, Math.max(1, answer.wait || 1) * 1000));
        } while (!stopped && (answer.status === 503 || answer.status === 429));
      } catch {
        answer = { ok: false, html: failure('The service cannot be reached.') };
        stopped = true;
      }
      const template = element('template');
      template.innerHTML = answer.html;
      const items = $$('li[data-status]', template.content);
      if (items.length) {
        for (const item of items) which(item, file, fields);
        return items;
      }
      const item = element('li', { class: 'result failed', 'data-status': 'failed' });
      item.append(element('div', {}, element('strong', {}, `✗ ${file.name}`), template.content));
      return [item];
    };
    // Its faces, cut out of the browser's own copy of the photo.
    const which = (item, file, fields) => {
      const place = $('[data-which-face]', item);
      if (!place) return;
      $('.faces', place).hidden = false;
      shown(file).then(image => {
        for (const button of $$('[data-face-box]', place)) {
          const canvas = element('canvas', { width: 96, height: 96, 'aria-hidden': 'true' });
          drawFace(canvas, image, numbers(button.dataset.faceBox));
          button.prepend(canvas);
        }
      }).catch(() => { /* The numbers say it too. */ });
      place.addEventListener('click', async event => {
        const button = event.target.closest('[data-enrol-face]');
        if (!button) return;
        const buttons = $$('button', place);
        buttons.forEach(each => { each.disabled = true; });
        const own = fields.filter(([key]) => key !== form.dataset.faceField && key !== 'subject');
        const results = await send(file, [...own, ['subject', place.dataset.subject], [form.dataset.faceField, button.dataset.enrolFace]]);
        item.replaceWith(...results);
        announce($('strong', results[0]).parentElement.textContent.trim());
        results[0].tabIndex = -1;
        results[0].focus();
      });
    };
    form.addEventListener('submit', async event => {
      event.preventDefault();
      const bar = $('#enrol-progress');
      const stop = $('[data-stop]', form);
      const files = [...input.files];
      const base = body(form, event.submitter);
      base.delete(input.name);
      const fields = [...base];
      stopped = false;
      stop.hidden = false;
      stop.onclick = () => { stopped = true; };
      event.submitter.disabled = true;
      bar.hidden = false;
      bar.max = files.length;
      const tally = { enrolled: 0, duplicate: 0, failed: 0 };
      let done = 0;
      const tell = () => { bar.value = done; count.textContent = `${done} of ${files.length}: ${tally.enrolled} enrolled, ${tally.duplicate} already there, ${tally.failed} refused`; };
      tell();
      for (const file of files) {
        if (stopped) break;
        for (const item of await send(file, fields)) { tally[item.dataset.status]++; list.prepend(item); }
        done++;
        tell();
      }
      announce(`${stopped ? 'Stopped. ' : ''}${count.textContent}`);
      stop.hidden = true;
      event.submitter.disabled = false;
      form.dispatchEvent(new CustomEvent('queue-done', { bubbles: true }));
    });
  }

  // ---- A selection out of a page of subjects: how many, and all at once.
  for (const form of $$('form[data-selection]')) {
    const [boxes, all, says] = [$$('[data-one]', form), $('[data-all-box] input', form), $('[data-chosen]', form)];
    const tell = () => {
      const count = boxes.filter(box => box.checked).length;
      all.checked = count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
      says.textContent = count ? `${count} of ${boxes.length} on this page ticked` : says.dataset.all;
    };
    all.parentElement.hidden = false;
    all.addEventListener('change', () => { for (const box of boxes) box.checked = all.checked; tell(); announce(says.textContent); });
    form.addEventListener('change', tell);
    // Back brings the ticks with it.
    addEventListener('pageshow', tell);
    tell();
  }

  // ---- What folds out over a page: one at a time; Escape and a click elsewhere fold it up.
  const popped = () => $$('details.pop[open], details.menu[open]');
  document.addEventListener('click', event => { for (const one of popped()) if (!one.contains(event.target) && document.contains(event.target)) one.open = false; });
  document.addEventListener('keydown', event => {
    const one = event.key === 'Escape' && popped().find(each => each.contains(event.target));
    if (!one) return;
    event.preventDefault();
    one.open = false;
    $('summary', one).focus();
  });

  // ---- The bench.
  const faceOf = async (file, box, size) => {
    // The probe's face as the candidates' crops have it: the same cut, so that both are seen at one scale.
    const image = await shown(file);
    const face = size ? scaled(image, box, size) : box;
    const side = Math.max(64, Math.round(Math.max(face[2], face[3]) * 1.6));
    const canvas = element('canvas', { width: side, height: side });
    drawFace(canvas, image, face);
    return new Promise(done => canvas.toBlob(blob => done(blob && URL.createObjectURL(blob))));
  };
  for (const root of $$('main [data-bench]')) {
    const bench = new Bench(root, announce);
    const strip = $('main [data-strip]');
    if (strip) new Desk(bench, strip, announce);
    for (const input of $$('[data-bench-file]')) input.addEventListener('change', async () => {
      const [file, index] = [input.files[0], Number(input.dataset.benchFile)];
      if (!file) return;
      forget(chosen());
      bench.change(index, urlOf(file));
      if (!input.dataset.box) return;
      const face = await faceOf(file, numbers(input.dataset.box)).catch(() => null);
      if (face && input.files[0] === file) bench.show(index, face);
    });
  }
  // From a list the bench opens over the page, with the probe that the browser still has.
  const dialog = $('#bench-dialog');
  const over = dialog && { bench: new Bench($('[data-bench]', dialog), announce), strip: $('[data-strip]', dialog) };
  if (dialog) {
    over.desk = new Desk(over.bench, over.strip, announce);
    $('[data-close]', dialog).addEventListener('click', () => dialog.close());
  }
  const faces = new WeakMap();
  document.addEventListener('click', async event => {
    const button = event.target.closest && event.target.closest('[data-bench-open]');
    if (!button || !dialog) return;
    const files = filesOf.get(button.closest('#result')) || {};
    const first = files[button.dataset.benchFirst || 'image'];
    const second = files[button.dataset.benchOpen];
    $('#bench-title').textContent = button.dataset.benchFirst ? button.dataset.benchTitle : 'Probe and candidates';
    // The candidates of the list, to change over to.
    const chosen = $$('[data-pick]:checked', button.closest('#result')).map(pick => $('[data-bench-open]', pick.closest('.candidate')));
    const others = chosen.includes(button) ? chosen : $$('[data-bench-number]', button.closest('#result'));
    over.strip.hidden = others.length === 0;
    $('ul', over.strip).replaceChildren(...others.map(other => {
      const link = element('button', { type: 'button', class: 'plain', 'data-number': other.dataset.benchNumber, 'data-picture': other.dataset.benchOpen, 'data-label': `Candidate at rank ${other.dataset.benchNumber}` }, `Rank ${other.dataset.benchNumber}`);
      if (other === button) link.setAttribute('aria-current', 'true');
      return element('li', {}, link);
    }));
    const opened = dialog.opened = {};
    dialog.showModal();
    $('[data-pane]', dialog).focus();
    if (first) over.bench.change(0, urlOf(first));
    over.bench.change(1, second ? urlOf(second) : button.dataset.benchOpen, button.dataset.benchNumber ? { label: `Candidate at rank ${button.dataset.benchNumber}` } : {});
    if (!first || button.dataset.benchFirst) return;
    // A busy browser makes a crop late: until then the photo itself is there, and whoever looks at another candidate meanwhile is not
    // disturbed.
    const figure = $('#result [data-probe="image"]');
    if (!figure) return;
    if (!faces.has(first)) faces.set(first, faceOf(first, numbers(figure.dataset.box), numbers(figure.dataset.size)).catch(() => null));
    const face = await faces.get(first);
    if (face && dialog.open && dialog.opened === opened) over.bench.show(0, face);
  });

  for (const button of $$('[data-print]')) button.hidden = false;
  document.addEventListener('click', event => { if (event.target.closest?.('[data-print]')) print(); });
  for (const input of $$('[data-select]')) input.addEventListener('focus', () => input.select());
  drawProbes(document, {}).catch(() => {});
  document.documentElement.dataset.ready = 'yes';
}
