/**
 * Calls for each click on a link to a web page, the middle button's and the keyboard's too. In the capture phase, so
 * that a page that stops the event does not hide it.
 */
export function onLink(clicked: (link: HTMLAnchorElement) => void): void {
  const listen = (event: Event) => {
    const [link] = event.composedPath().filter((target) => target instanceof HTMLAnchorElement);
    if (link instanceof HTMLAnchorElement && /^http/.test(link.protocol)) clicked(link);
  };
  addEventListener('click', listen, true);
  addEventListener('auxclick', listen, true);
}
