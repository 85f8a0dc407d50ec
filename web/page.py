"""The look of the chat page and its little script, as constants: no build step, nothing loaded from elsewhere."""

# Belt and braces behind the escaping: a page that may load nothing from another host. Gradio itself needs inline
# scripts and Function(), so this does not replace the escaping.
HEAD = """
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; script-src 'self' 'unsafe-inline' \
'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; \
connect-src 'self'; worker-src 'self' blob:; frame-src 'none'; object-src 'none'; form-action 'self'">
"""

# A marker leads to its card, a card to the words in the whole article and back; what is copied is what is read.
SCRIPT = """
() => {
  const show = (card) => {
    document.querySelectorAll('.otr-active').forEach((other) => other.classList.remove('otr-active'));
    for (let fold = card.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
    card.classList.add('otr-active');
    card.focus({preventScroll: true});
    const mark = card.querySelector('.otr-context .otr-mark') || card;
    const fits = card.getBoundingClientRect().height < window.innerHeight * 0.8;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    (fits ? card : mark).scrollIntoView({block: 'center', behavior: calm ? 'auto' : 'smooth'});
  };
  const copy = async (button, text) => {
    const label = button.dataset.label || (button.dataset.label = button.textContent);
    try {
      await navigator.clipboard.writeText(text);
      if (button.matches('.otr-copy')) button.textContent = 'Copied';
    } catch (error) {
      if (button.matches('.otr-copy')) button.textContent = 'Copying is blocked here';
    }
    if (button.matches('.otr-copy')) setTimeout(() => { button.textContent = label; }, 1600);
  };
  const answerText = (row) => {
    const words = [...row.querySelectorAll('.md')].map((part) => part.innerText.trim()).join('\\n\\n');
    const seen = new Set();
    const sources = [...row.querySelectorAll('a.otr-marker')].flatMap((marker) => {
      const id = marker.getAttribute('href').slice(1);
      const button = document.querySelector('#' + CSS.escape(id) + ' .otr-copy');
      if (seen.has(id) || !button) return [];
      seen.add(id);
      return [marker.textContent + ' ' + button.dataset.copy];
    });
    return [words, ...sources].join('\\n');
  };
  // Gradio would copy, and read aloud, the escaped Markdown of a message instead of its words.
  const rowOf = (button) => {
    let row = button.closest('.message-buttons');
    while (row && !row.matches('.message-row')) row = row.previousElementSibling;
    return row;
  };
  new MutationObserver(() => {
    document.querySelectorAll('#otr-chat [data-testid][aria-label*="message:"]').forEach((message) => {
      message.setAttribute('aria-label', message.dataset.testid === 'bot' ? 'Answer' : 'Question');
    });
    document.querySelectorAll('a.otr-marker:not([aria-label])').forEach((marker) => {
      marker.setAttribute('aria-label', 'Source ' + marker.textContent.replace(/\\D/g, ''));
    });
  }).observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ['aria-label']});
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a.otr-marker, a.otr-back');
    if (link) {
      const place = document.getElementById(link.getAttribute('href').slice(1));
      event.preventDefault();
      if (place && place.matches('.otr-card')) show(place);
      else if (place) { place.scrollIntoView({block: 'center'}); place.focus(); }
      return;
    }
    const button = event.target.closest('.otr-copy');
    if (button) return void copy(button, button.dataset.copy);
    const builtin = event.target.closest('#otr-chat .message-buttons button');
    const row = builtin && rowOf(builtin);
    if (row) {
      event.stopImmediatePropagation();
      copy(builtin, answerText(row));
    }
  }, true);
  // Not on a phone, where focus would scroll the page and raise the keyboard.
  if (innerWidth >= 800) document.querySelector('#otr-question textarea')?.focus({preventScroll: true});
  document.addEventListener('toggle', (event) => {
    const text = event.target.matches('.otr-article[open]') && event.target.querySelector('.otr-text');
    const mark = text && text.querySelector('.otr-mark');
    if (!mark) return;
    text.scrollTop = mark.offsetTop - text.clientHeight / 3;
    text.scrollIntoView({block: 'nearest'});
  }, true);
}
"""

INTRO = """
<header class="otr-head"><h1>On the Record</h1>
<p>Ask your articles who said what. Every quoted word is the article’s own, and opens in its place.</p></header>
"""

WELCOME = """
<div class="otr-welcome">

**Who said what?**

Ask about a person, a topic, or whether somebody really said it.

</div>
"""

STYLE = """
:root {
  --otr-ink: #1d1b18; --otr-soft: #5c574f; --otr-line: #dcd6ca; --otr-paper: #fffdf9; --otr-page: #f5f2eb;
  --otr-accent: #1b4d7a; --otr-onaccent: #ffffff; --otr-mark: #ffe17d; --otr-also: #fff2c2; --otr-ask: #e6ecf2;
  --otr-warn: #7a4307; --otr-warnbg: #fcf0da; --otr-bad: #971b1b; --otr-badbg: #fdeaea;
  --otr-serif: Charter, "Bitstream Charter", "Iowan Old Style", Georgia, "Liberation Serif", "Times New Roman", serif;
  --otr-sans: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
.dark {
  --otr-ink: #ece8e1; --otr-soft: #b0a99e; --otr-line: #3b3e45; --otr-paper: #1e2126; --otr-page: #14161a;
  --otr-accent: #93c4f1; --otr-onaccent: #0e2032; --otr-mark: #6d5800; --otr-also: #423a16; --otr-ask: #2a3541;
  --otr-warn: #f2c680; --otr-warnbg: #33270f; --otr-bad: #ffb9b9; --otr-badbg: #3b1818;
}
body, gradio-app, .gradio-container { background: var(--otr-page) !important; color: var(--otr-ink); }
.gradio-container {
  --block-background-fill: var(--otr-paper); --background-fill-primary: var(--otr-paper);
  --border-color-primary: var(--otr-line); --body-text-color: var(--otr-ink);
  --body-text-color-subdued: var(--otr-soft); --block-label-text-color: var(--otr-soft);
  --block-info-text-color: var(--otr-soft); --input-background-fill: transparent;
  --input-placeholder-color: var(--otr-soft);
}
.gradio-container > .main { max-width: 1320px; margin: 0 auto; }
.gradio-container :is(a, button, summary, [tabindex="0"]):focus-visible {
  outline: 2px solid var(--otr-accent) !important; outline-offset: 2px; border-radius: 4px;
}
.gradio-container :is(button.primary, .submit-button) {
  background: var(--otr-accent) !important; color: var(--otr-onaccent) !important; border: 0;
}
.otr-head h1 { font: 700 2rem/1.1 var(--otr-serif); letter-spacing: -.01em; margin: 0 0 4px; color: var(--otr-ink); }
.otr-head p { margin: 0; color: var(--otr-soft); font-size: 1rem; }
.otr-h2 { font: 600 1.15rem/1.3 var(--otr-serif); margin: 0; color: var(--otr-ink); }
.otr-hint { color: var(--otr-soft); margin: 0 0 8px; font-size: .95rem; line-height: 1.5; }

#otr-chat { border: 1px solid var(--otr-line); border-radius: 10px; min-height: 240px; }
#otr-chat:has(.otr-welcome) { height: 36vh !important; }
#otr-chat .top-panel, #otr-chat .message-buttons-right { display: none; }
#otr-chat .md { font-size: 1rem; line-height: 1.6; overflow-wrap: anywhere; unicode-bidi: isolate; opacity: 1; }
#otr-chat .md, #otr-chat .md :is(p, li) { color: var(--otr-ink); }
#otr-chat .md ul { list-style: disc; }
#otr-chat .user.message { background: var(--otr-ask); border: 0; box-shadow: none; border-radius: 12px; }
#otr-chat .bot.message { background: none; border: 0; box-shadow: none; padding: 0; }
#otr-chat .bot .md { font-family: var(--otr-serif); font-size: 1.1rem; }
#otr-chat a.otr-marker {
  font: 600 .8rem/1 var(--otr-sans); color: var(--otr-accent); text-decoration: none; padding: 3px 3px;
  vertical-align: .2em; border-radius: 4px;
}
#otr-chat a.otr-marker:hover { background: var(--otr-accent); color: var(--otr-onaccent); }
.otr-unsaid { border-left: 4px solid var(--otr-warn); padding-left: 12px; }
#otr-chat .otr-trouble { color: var(--otr-bad); font-family: var(--otr-sans); font-size: 1rem; }
.otr-looking { color: var(--otr-soft); font-style: italic; }
.otr-welcome { text-align: center; padding: 0 20px; }
#otr-examples { gap: 8px; }
.gradio-container button.otr-example {
  flex: 0 1 auto; width: auto; min-width: 0; white-space: normal; text-align: left; font-weight: 400; font-size: .92rem;
  background: var(--otr-paper); border: 1px solid var(--otr-line); border-radius: 18px; color: var(--otr-ink);
  padding: 6px 14px; box-shadow: none;
}
.gradio-container button.otr-example:hover { border-color: var(--otr-accent); }
#otr-question label { gap: 0; }
#otr-notice:not(:has(.otr-notice)), #otr-earlier:not(:has(details)) { display: none; }
#otr-clear {
  align-self: flex-start; background: none; border: 0; box-shadow: none; color: var(--otr-soft); width: auto;
  min-width: 0; padding: 2px; font-weight: 400; font-size: .92rem; text-decoration: underline;
  text-underline-offset: 3px;
}

#otr-side { gap: 10px; }
.gradio-container .html-container { padding: 0; }
.otr-cards { list-style: none !important; margin: 0 !important; padding: 0 !important; display: grid; gap: 12px; }
.otr-cards > .otr-card {
  position: relative; background: var(--otr-paper); border: 1px solid var(--otr-line); border-radius: 10px;
  padding: 14px 16px 8px 52px; overflow-wrap: anywhere; scroll-margin: 16px; line-height: 1.5; margin: 0;
}
.otr-card > p { display: block; margin: 0 0 10px; }
.otr-others ul { margin: 0 0 10px; padding-left: 18px; }
.otr-cards > .otr-active { border-color: var(--otr-accent); box-shadow: 0 0 0 1px var(--otr-accent); }
.otr-card:focus { outline: none; }
.otr-number {
  position: absolute; left: 14px; top: 14px; min-width: 24px; height: 24px; border-radius: 12px; padding: 0 6px;
  background: var(--otr-accent); color: var(--otr-onaccent); font: 600 .82rem/24px var(--otr-sans); text-align: center;
}
.otr-who { margin-bottom: 6px; unicode-bidi: isolate; }
.otr-who .otr-speaker { display: inline; font-size: 1.02rem; font-weight: 650; margin: 0 6px 0 0; }
.otr-role { color: var(--otr-soft); font-size: .92rem; }
.otr-card > .otr-kind { color: var(--otr-warn); font-size: .85rem; margin-bottom: 4px; }
.otr-card > .otr-words {
  font: 400 1.18rem/1.5 var(--otr-serif); color: var(--otr-ink); margin: 0 0 10px !important; padding: 0; border: 0;
  unicode-bidi: isolate; white-space: pre-line;
}
.otr-card > .otr-indirect { font-style: italic; }
.otr-card > .otr-source { color: var(--otr-soft); font-size: .9rem; unicode-bidi: isolate; }
.otr-source strong { font-weight: 600; color: var(--otr-ink); }
.otr-source cite { font-style: normal; }
.otr-card .otr-source a {
  padding: 0; color: var(--otr-accent); text-decoration: underline; text-underline-offset: 2px;
}
.otr-card > .otr-context {
  font: 400 .97rem/1.6 var(--otr-serif); color: var(--otr-soft); border-left: 3px solid var(--otr-line);
  padding-left: 10px; white-space: pre-line; unicode-bidi: isolate;
}
.gradio-container mark { background: var(--otr-mark); color: var(--otr-ink); border-radius: 2px; padding: 1px 0; }
.gradio-container mark.otr-also { background: var(--otr-also); }
.otr-article > summary, .otr-earlier > summary {
  cursor: pointer; color: var(--otr-accent); font-size: .92rem; padding: 4px 0;
}
.otr-text {
  max-height: 46vh; overflow-y: auto; position: relative; border: 1px solid var(--otr-line); border-radius: 8px;
  padding: 12px 14px; font: 400 1rem/1.65 var(--otr-serif); background: var(--otr-page); color: var(--otr-ink);
  margin: 4px 0 6px;
}
.otr-text > div { white-space: pre-line; unicode-bidi: isolate; }
.otr-text h4 { font: 700 1.1rem/1.3 var(--otr-serif); margin: 0 0 6px; color: var(--otr-ink); }
.otr-byline, .otr-check { color: var(--otr-soft); font: 400 .82rem/1.4 var(--otr-sans); }
.otr-card > .otr-tools { display: flex; gap: 16px; margin: 2px 0 4px; }
.otr-card .otr-copy, .otr-card .otr-back {
  font: 400 .86rem/1.4 var(--otr-sans); color: var(--otr-soft); background: none; border: 0; padding: 2px 0;
  cursor: pointer; text-decoration: underline; text-underline-offset: 3px; text-align: left;
}
.otr-card :is(.otr-copy, .otr-back):hover { color: var(--otr-accent); }
.otr-card .otr-back { display: none; }
.otr-none {
  border-left: 4px solid var(--otr-warn); background: var(--otr-warnbg); color: var(--otr-warn); font-weight: 600;
  padding: 10px 12px; border-radius: 6px; margin: 0 0 10px;
}
.otr-cards > .otr-bad, .otr-notice.otr-bad { background: var(--otr-badbg); color: var(--otr-bad); }
.otr-notice {
  border-radius: 6px; padding: 8px 12px; background: var(--otr-ask); color: var(--otr-ink); font-size: .93rem;
  overflow-wrap: anywhere;
}
/* Gradio lays its progress over the result, which is still empty. */
#otr-added:has([data-testid="status-tracker"]:not(.hide)) { min-height: 110px; }
#otr-added .progress-text { inset: auto 8px 4px auto; }
#otr-added .progress-bar { background: var(--otr-accent); }
.otr-notice p { margin: 0; }
.otr-notice ul { margin: 6px 0 0; padding-left: 18px; }
.otr-earlier { border-top: 1px solid var(--otr-line); padding: 6px 0; }
@media (min-width: 800px) {
  #otr-side { max-height: 96vh; overflow-y: auto; position: sticky; top: 8px; padding: 2px 4px; flex-wrap: nowrap; }
}
@media (max-width: 799px) {
  .gradio-container > .main { padding: 12px; }
  #otr-main { flex-direction: column; }
  #otr-chat { height: 56vh !important; }
  #otr-chat:has(.otr-welcome) { height: 26vh !important; }
  .otr-head h1 { font-size: 1.6rem; }
  .otr-cards > .otr-card { padding: 12px 12px 6px 46px; }
  .otr-card .otr-back { display: inline; }
}
@media (prefers-reduced-motion: reduce) { .gradio-container * { transition: none !important; } }
"""
