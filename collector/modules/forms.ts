import type { Core } from '../piece.ts';

/** `Form Submitted`: which form, never what was written in it. */
export function forms({ api }: Core): void {
  addEventListener(
    'submit',
    ({ target }) => {
      if (!(target instanceof HTMLFormElement)) return;
      // Attributes, because a field named `id` or `action` hides the form's own property.
      const say = (name: string) => Element.prototype.getAttribute.call(target, name) || undefined;
      api.track('Form Submitted', {
        form_id: say('id'),
        form_name: say('name'),
        // What follows is data.
        form_action: (say('action') || '').replace(/[?#].*/, '') || undefined,
      });
    },
    true,
  );
}
