// The shop as a site would write it: its pages, its forms, and its calls to datafly.js.

// Works before the collector has loaded (an array) and after (its own `push`), and if it never does.
window.datafly = window.datafly || [];
const datafly = (...call) => window.datafly.push(call);

const $ = (selector) => document.querySelector(selector);

// Pages: the collector notices the new address by itself.
function show(path) {
  const pages = [...document.querySelectorAll('[data-page]')];
  const page = pages.find((each) => each.dataset.page === path) ?? pages[0];
  for (const each of pages) each.hidden = each !== page;
  for (const link of document.querySelectorAll('nav [data-link]')) {
    link.toggleAttribute('aria-current', link.getAttribute('href') === page.dataset.page);
  }
  document.title = page.dataset.title;
  scrollTo(0, 0);
}
addEventListener('popstate', () => show(location.pathname));

// Consent
const decide = (granted) => {
  remember('consent', granted);
  datafly('setConsent', { analytics: granted, marketing: granted });
  $('#consent').hidden = true;
  say(granted ? 'Thank you. Your choice counts from now on.' : 'Understood. Our tools will hear nothing.');
};
$('#consent-accept').addEventListener('click', () => decide(true));
$('#consent-decline').addEventListener('click', () => decide(false));
$('#consent-change').addEventListener('click', () => {
  $('#consent').hidden = false;
});

// Signing in and out
function signedIn(user) {
  $('#sign-in').hidden = Boolean(user);
  $('#who').hidden = !user;
  if (!user) return;
  $('#who b').textContent = user.name;
  const { userId, ...traits } = user;
  datafly('identify', userId, traits);
}
$('#sign-in').addEventListener('click', () => $('#sign-in-dialog').showModal());
$('#sign-in-form').addEventListener('submit', (event) => {
  const user = Object.fromEntries(new FormData(event.target));
  remember('user', user);
  signedIn(user);
  say(`Signed in as ${user.name}.`);
});
$('#sign-out').addEventListener('click', () => {
  remember('user', undefined);
  signedIn(undefined);
  datafly('reset');
  say('Signed out. From here on you are somebody new.');
});

// Requesting a demo
$('#demo-form').addEventListener('submit', () => {
  datafly('track', 'Lead Generated', { form_id: 'demo-request', value: 0, currency: 'USD' });
  say('Thank you. We will write within a day.');
});

// Links, buttons that open a dialog, and buttons that are worth knowing of
document.addEventListener('click', (event) => {
  const target = event.target.closest('[data-link], [data-open], [data-close], [data-track]');
  if (!target) return;
  const { open, track, plan, content, name } = target.dataset;
  if ('link' in target.dataset) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const path = target.getAttribute('href');
    if (path !== location.pathname) history.pushState({}, '', path);
    show(path);
  } else if (open) document.getElementById(open).showModal();
  else if ('close' in target.dataset) target.closest('dialog').close();
  else if (plan) {
    datafly('track', track, { plan_id: plan, trial_length_days: 14 });
    say('Your trial has started.');
  } else {
    datafly('track', track, { content_id: content, content_name: name });
    say(`“${name}” is on its way to your inbox.`);
  }
});

function say(text) {
  const toast = $('#toast');
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => {
    toast.hidden = true;
  }, 3_500);
}

// What the shop itself remembers for the tab's life; undefined forgets.
function remember(key, value) {
  if (value === undefined) sessionStorage.removeItem(`shop.${key}`);
  else sessionStorage.setItem(`shop.${key}`, JSON.stringify(value));
}
const recall = (key) => JSON.parse(sessionStorage.getItem(`shop.${key}`) ?? 'null');

$('#consent').hidden = recall('consent') !== null;
signedIn(recall('user'));
show(location.pathname);
