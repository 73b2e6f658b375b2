// "What became of it": the page's events as the collector takes them, and what each integration got, as the
// server knows it. Only the demonstration needs this; a shop does not.
{
  const SHOWN = 25;
  const POLL_MS = 1_000;
  const STORED = 'panel.events';
  const STATES = { delivered: 'Delivered', filtered: 'Not sent', waiting: 'Waiting', dead: 'Failed' };

  const $ = (selector) => document.querySelector(selector);

  /** Newest first: { event, deliveries }; deliveries are undefined until the server knows the event. */
  let items = JSON.parse(sessionStorage.getItem(STORED) ?? '[]');

  window.datafly = window.datafly || [];
  window.datafly.push(['on', 'event', (event) => change([{ event }, ...items].slice(0, SHOWN))]);
  window.datafly.push(['on', 'error', onError]);
  $('#panel-clear').addEventListener('click', () => change([]));

  function change(next) {
    items = next;
    sessionStorage.setItem(STORED, JSON.stringify(items));
    render();
  }

  /** What the gateway refused never gets as far as an integration. */
  function onError({ code, status, messageIds }) {
    if (code !== 'refused') return;
    const deliveries = [{ integration: 'Gateway', status: 'dead', http_status: status }];
    change(items.map((item) => (messageIds.includes(item.event.messageId) ? { ...item, deliveries } : item)));
  }

  async function poll() {
    const open = items.filter(({ deliveries }) => !deliveries?.length || deliveries.some(isWaiting));
    if (open.length && !document.hidden) {
      try {
        const messageIds = open.map(({ event }) => event.messageId).join();
        const response = await fetch(`/demo/events?messageIds=${encodeURIComponent(messageIds)}`);
        if (!response.ok) throw new Error(`it answered ${response.status}`);
        const { data } = await response.json();
        const known = new Map(data.map(({ messageId, deliveries }) => [messageId, deliveries]));
        const next = items.map((item) => ({
          ...item,
          deliveries: known.get(item.event.messageId) ?? item.deliveries,
        }));
        if (JSON.stringify(next) !== JSON.stringify(items)) change(next);
        $('#panel-trouble').hidden = true;
      } catch (error) {
        $('#panel-trouble').textContent = `The shop’s server cannot say what became of it: ${error.message}.`;
        $('#panel-trouble').hidden = false;
      }
    }
    renderVisitor();
    setTimeout(poll, POLL_MS);
  }
  const isWaiting = ({ status }) => status === 'waiting';

  function render() {
    const list = $('#panel-events');
    const open = new Set([...list.querySelectorAll('details[open]')].map((node) => node.dataset.messageId));
    list.replaceChildren(...items.map((item) => card(item, open.has(item.event.messageId))));
    $('#panel-empty').hidden = items.length > 0;
    renderVisitor();
  }

  function renderVisitor() {
    const latest = items[0]?.event;
    const { analytics, marketing } = latest?.context.consent?.categories ?? {};
    const words = { true: 'yes', false: 'no' };
    $('#panel-visitor').textContent = window.datafly.getAnonymousId?.() ?? 'not known yet';
    $('#panel-user').textContent = latest?.userId ?? 'anonymous';
    $('#panel-consent').textContent =
      analytics === undefined
        ? 'not decided'
        : `analytics ${words[analytics]}, marketing ${words[marketing]}`;
  }

  function card({ event, deliveries }, open) {
    const details = element(
      'details',
      '',
      element(
        'summary',
        '',
        element('strong', '', titleOf(event)),
        element('time', '', new Date(event.timestamp).toLocaleTimeString('en-GB')),
        element('span', '', `${event.type} on ${event.context.page.path}`),
      ),
      element('pre', '', JSON.stringify(event, null, 2)),
    );
    details.open = open;
    details.dataset.messageId = event.messageId;
    const rows = deliveries?.length
      ? deliveries.map(row)
      : [row({ integration: 'On its way', status: 'waiting' })];
    return element('li', '', details, element('ul', '', ...rows));
  }

  function row({ integration, status, http_status: httpStatus, reason }) {
    const state = [STATES[status] ?? status, httpStatus].filter(Boolean).join(' ');
    const why = status !== 'delivered' && reason ? [element('small', '', reason)] : [];
    return element('li', status, element('span', '', integration), element('span', 'state', state), ...why);
  }

  function titleOf({ type, event, userId, groupId, context: { page } }) {
    if (type === 'page') return `Viewed ${page.title || page.path}`;
    if (type === 'identify') return `Identified ${userId}`;
    if (type === 'group') return `Joined ${groupId}`;
    return event ?? type;
  }

  function element(tag, className, ...children) {
    const node = document.createElement(tag);
    node.className = className;
    node.append(...children);
    return node;
  }

  render();
  poll();
}
