() => {
  const BOX = '#otr-question textarea';
  const ASKED = '#otr-chat [data-testid=user]';
  const ABOVE = 12; // pixels that are left above the question whose answer is read
  const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
  const one = (selector, root = document) => root.querySelector(selector);
  const shown = (element) => Boolean(element && element.getClientRects().length);

  // ---------------------------------------------------------------- a marker, its card, and back
  let origin = null; // The id of the card whose marker was followed: Escape leads back to that marker.
  const markerOf = (id) => one(`#otr-chat a.otr-marker[href="#${CSS.escape(id)}"]`);
  const show = (card) => {
    document.querySelectorAll('.otr-active').forEach((other) => other.classList.remove('otr-active'));
    for (let fold = card.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
    card.classList.add('otr-active');
    card.focus({preventScroll: true});
    origin = card.id;
    const mark = one('.otr-context .otr-mark', card) || card;
    const fits = card.getBoundingClientRect().height < innerHeight * 0.8;
    (fits ? card : mark).scrollIntoView({block: 'center', behavior: calm() ? 'auto' : 'smooth'});
  };
  const back = (id) => {
    const marker = markerOf(id);
    if (!marker) return;
    marker.scrollIntoView({block: 'center'});
    marker.focus({preventScroll: true});
  };

  // ---------------------------------------------------------------- hover shows the quote
  const tip = Object.assign(document.createElement('div'), {id: 'otr-tip', hidden: true});
  tip.setAttribute('role', 'tooltip');
  document.body.append(tip);
  const tell = (marker) => {
    const card = document.getElementById(marker.getAttribute('href').slice(1));
    if (!card || card.matches('.otr-bad')) return;
    const line = (name, from) => {
      const part = Object.assign(document.createElement('p'), {className: name});
      part.textContent = from ? from.innerText.replace(/\s+/g, ' ').trim() || from.textContent : '';
      return part;
    };
    tip.replaceChildren(
      line('otr-tip-who', one('.otr-who', card)),
      line('otr-tip-words', one('.otr-words', card)),
      line('otr-tip-source', one('.otr-source', card)),
    );
    tip.hidden = false;
    marker.setAttribute('aria-describedby', tip.id);
    const at = marker.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
    tip.style.top = at.top > size.height + 12 ? `${at.top - size.height - 6}px` : `${at.bottom + 6}px`;
  };
  const untell = () => { tip.hidden = true; };
  for (const [name, does] of [['mouseover', tell], ['focusin', tell], ['mouseout', untell], ['focusout', untell]]) {
    document.addEventListener(name, (event) => {
      const marker = event.target.closest && event.target.closest('a.otr-marker');
      if (marker) does(marker);
    });
  }

  // ---------------------------------------------------------------- the whole article, when it is opened
  document.addEventListener('toggle', async (event) => {
    const fold = event.target;
    if (!fold.matches('.otr-article[open]')) return;
    const place = one('.otr-reading', fold);
    if (!place.firstElementChild) {
      const query = new URLSearchParams({spans: fold.dataset.spans, cues: fold.dataset.cues});
      try {
        const reply = await fetch(`reading/${encodeURIComponent(fold.dataset.article)}?${query}`);
        if (!reply.ok) throw new Error((await reply.json()).detail);
        place.innerHTML = await reply.text(); // made and escaped by the program's own template
      } catch (error) {
        place.textContent = `The article cannot be shown: ${error.message}`;
        return;
      }
    }
    const text = one('.otr-text', place);
    const mark = one('.otr-mark', text);
    if (!mark) return;
    text.scrollTop = mark.offsetTop - text.clientHeight / 3;
    text.scrollIntoView({block: 'nearest'});
  }, true);

  // ---------------------------------------------------------------- copying and taking along
  const label = (button, words) => {
    const before = button.dataset.label || (button.dataset.label = button.textContent);
    button.textContent = words;
    setTimeout(() => { button.textContent = before; }, 1600);
  };
  const copy = async (button, text) => {
    try {
      await navigator.clipboard.writeText(text);
      label(button, 'Copied');
    } catch (error) {
      label(button, 'Copying is blocked here');
    }
  };
  const exported = async (panel, form) => {
    const reply = await fetch(`api/export/${form}`, {
      method: 'POST', headers: {'Content-Type': 'application/json'}, body: panel.dataset.export,
    });
    if (!reply.ok) throw new Error((await reply.json()).detail);
    return reply.blob();
  };
  const copyAnswer = async (panel) => {
    const typed = (form, type) => exported(panel, form).then((blob) => new Blob([blob], {type}));
    await navigator.clipboard.write([new ClipboardItem({
      'text/plain': typed('markdown', 'text/plain'), 'text/html': typed('html', 'text/html'),
    })]);
  };
  const take = async (button) => {
    const panel = button.closest('.otr-sources');
    const said = one('.otr-done', panel);
    const form = button.dataset.take;
    try {
      if (form === 'link') {
        const link = new URL(location.pathname, location.href);
        link.searchParams.set('q', panel.dataset.question);
        JSON.parse(panel.dataset.before).forEach((question) => link.searchParams.append('after', question));
        await navigator.clipboard.writeText(link.href);
        said.textContent = 'Link copied.';
      } else if (form === 'copy') {
        await copyAnswer(panel);
        said.textContent = 'Answer copied with its sources.';
      } else {
        const blob = await exported(panel, form);
        const suffix = {markdown: 'md', html: 'html', json: 'json', csv: 'csv'}[form];
        const link = Object.assign(document.createElement('a'), {
          href: URL.createObjectURL(blob), download: `answer-${panel.dataset.turn}.${suffix}`,
        });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10000);
        said.textContent = `Saved as ${link.download}.`;
      }
    } catch (error) {
      said.textContent = `That did not work: ${error.message}`;
    }
  };
  // Gradio's own button would copy the escaped Markdown of a message instead of its words.
  const rowOf = (button) => {
    let row = button.closest('.message-buttons');
    while (row && !row.matches('.message-row')) row = row.previousElementSibling;
    return row;
  };
  const panelOf = (row) => {
    const marker = row && one('a.otr-marker', row);
    const card = marker && document.getElementById(marker.getAttribute('href').slice(1));
    return card && card.closest('.otr-sources');
  };

  // ---------------------------------------------------------------- asking, and typing ahead
  let asked = 0; // When a question was last sent: the page shows only a moment later that it is at work.
  let next = false; // Whether what stands in the box is asked as soon as the answer is done.
  const stop = () => one('#otr-question .stop-button');
  const ask = () => one('#otr-question .submit-button');
  // Without a button to ask with, an answer is on its way, or what the browser remembers of the conversation.
  const busy = () => !shown(ask()) || shown(stop()) || Date.now() - asked < 700;
  const hint = Object.assign(document.createElement('p'), {id: 'otr-next'});
  hint.setAttribute('role', 'status');
  let looking = 0; // An answer may be done without anything more that changes in the page.
  const hold = (whether) => {
    next = whether;
    clearInterval(looking);
    if (next) looking = setInterval(whenFree, 500);
    const before = shown(stop()) ? 'when the answer is done' : 'as soon as the page is ready';
    hint.textContent = next ? `This is asked ${before}. Escape takes it back.` : '';
    if (!hint.isConnected) one('#otr-question')?.after(hint);
  };
  // What a link brought along stands in the page by now: a reload must not bring it again.
  const unlink = () => {
    const here = new URL(location.href);
    if (!here.searchParams.has('q') || !shown(ask())) return;
    ['q', 'after'].forEach((name) => here.searchParams.delete(name));
    history.replaceState(history.state, '', here);
  };
  const whenFree = () => {
    if (!next || busy()) return;
    hold(false);
    asked = Date.now();
    ask().click();
  };
  // ---------------------------------------------------------------- a person or an article, opened from its row
  let awaited = null; // What has the focus once it is there: the heading of what was opened, or the row it came from.
  const opens = (button) => {
    awaited = {view: button.closest('.tabitem') || document, open: button.dataset.open, row: button.dataset.back};
  };
  const arrived = () => {
    if (!awaited) return;
    const {view, open, row} = awaited;
    const place = open
      ? one('.otr-opened', view)
      : [...view.querySelectorAll('td, th')].map((cell) => one('[data-open]', cell)).find((it) => it?.dataset.open === row);
    if (!place) return;
    awaited = null;
    place.focus({preventScroll: true});
    place.scrollIntoView({block: 'nearest'});
  };
  // What a list holds is written over by whoever types, and not added to.
  document.addEventListener('click', (event) => {
    if (event.target.matches('input[role=combobox]:not([readonly])')) event.target.select();
  });

  // From a person to a question: the first view comes up with the question in its box.
  const askAbout = (question) => {
    one('#otr-views button[role=tab]').click();
    setTimeout(() => {
      const box = one(BOX);
      box.value = question;
      box.dispatchEvent(new Event('input', {bubbles: true}));
      box.focus();
    }, 50);
  };
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      untell();
      if (next) return hold(false);
      const card = document.activeElement && document.activeElement.closest('.otr-card');
      if (card || origin) back(card ? card.id : origin);
      return;
    }
    if (!event.target.matches || !event.target.matches(BOX)) return;
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    if (busy()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.target.value.trim()) hold(true);
    } else if (event.target.value.trim()) {
      asked = Date.now();
    }
  }, true);

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a.otr-marker, a.otr-back');
    if (link) {
      const id = link.getAttribute('href').slice(1);
      const card = document.getElementById(id);
      event.preventDefault();
      untell();
      if (link.matches('.otr-back')) back(id.slice(0, -1));
      else if (card) show(card);
      return;
    }
    const button = event.target.closest('button');
    if (!button) {
      const row = event.target.closest('.otr-table tr');
      if (row && getSelection().isCollapsed) one('[data-open]', row)?.click();
      return;
    }
    if ('open' in button.dataset) return opens(button);
    if (button.dataset.copy) return void copy(button, button.dataset.copy);
    if (button.dataset.take) return void take(button);
    if (button.dataset.ask) return askAbout(button.dataset.ask);
    if (button.matches('.otr-example, #otr-question .submit-button')) {
      if (busy() && event.isTrusted) event.stopImmediatePropagation();
      else asked = Date.now();
      return;
    }
    if (button.closest('#otr-chat .message-buttons') && /copy/i.test(button.title + button.ariaLabel)) {
      const row = rowOf(button);
      const panel = panelOf(row);
      event.stopImmediatePropagation();
      if (panel) take(one('[data-take="copy"]', panel));
      else if (row) navigator.clipboard.writeText(one('.md', row).innerText.trim());
    }
  }, true);

  // ---------------------------------------------------------------- names for what has none, and what is new in sight
  const NAMES = [
    ['#otr-question .stop-button', 'Stop answering'],
    ['#otr-add input[type=file]:not([webkitdirectory])', 'Files to add'],
    ['#otr-add input[type=file][webkitdirectory]', 'A folder to add'],
    ['#otr-chat [aria-label="Undo"]', 'Change this question'],
    ['#otr-chat [aria-label="Retry"]', 'Ask again'],
  ];
  const name = (selector, words) => document.querySelectorAll(selector).forEach((element) => {
    if (element.getAttribute('aria-label') !== words) element.setAttribute('aria-label', words);
    if (element.title && element.title !== words) element.title = words;
  });
  let questions = 0;
  let told = '';
  // The last question moves up while its answer grows, and no further than to the top: an answer is read from its
  // beginning. Whoever moves about in the conversation is left where they are.
  let follows = false;
  const growing = new ResizeObserver(() => {
    const log = one('#otr-chat .bubble-wrap');
    const question = [...document.querySelectorAll(ASKED)].at(-1);
    if (!follows || !question) return;
    log.scrollTop += question.getBoundingClientRect().top - log.getBoundingClientRect().top - ABOVE;
  });
  for (const does of ['wheel', 'touchmove', 'pointerdown', 'focusin']) {
    document.addEventListener(does, (event) => {
      if (event.target.closest && event.target.closest('#otr-chat')) follows = false;
    }, {capture: true, passive: true});
  }
  const look = () => {
    NAMES.forEach(([selector, words]) => name(selector, words));
    document.querySelectorAll('#otr-chat [data-testid][aria-label*="message:"]').forEach((message) => {
      message.setAttribute('aria-label', message.dataset.testid === 'bot' ? 'Answer' : 'Question');
    });
    document.querySelectorAll('a.otr-marker:not([aria-label])').forEach((marker) => {
      marker.setAttribute('aria-label', `Source ${marker.textContent.replace(/\D/g, '')}`);
    });
    const there = document.querySelectorAll(ASKED).length;
    if (there > questions) {
      follows = true;
      growing.observe(one('#otr-chat .message-wrap')); // Made anew with the first question.
      if (questions + 1 === there) one('#otr-chat').scrollIntoView({block: 'nearest'});
    }
    questions = there;
    const notice = one('#otr-notice .otr-notice');
    if (notice && notice.textContent !== told) notice.scrollIntoView({block: 'nearest'});
    told = notice ? notice.textContent : '';
    unlink();
    whenFree();
    arrived();
  };
  new MutationObserver(look).observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: ['aria-label', 'title'],
  });
  look();
  // Not on a phone, where focus would scroll the page and raise the keyboard.
  if (innerWidth >= 800) one(BOX)?.focus({preventScroll: true});
}
