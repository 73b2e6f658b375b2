import type { Core } from '../piece.ts';

/** The event that a clicked element, or one around it, names in `data-df-event`; its `data-df-*` are properties. */
export function clicks({ api }: Core): void {
  addEventListener(
    'click',
    ({ target }) => {
      const element = target instanceof Element && target.closest('[data-df-event]');
      if (!element) return;
      const properties: Record<string, string> = {};
      for (const { name, value } of Array.from(element.attributes)) {
        if (/^data-df-(?!event$)/.test(name)) properties[name.slice(8).replace(/-/g, '_')] = value;
      }
      api.track(element.getAttribute('data-df-event') || '', properties);
    },
    true,
  );
}
