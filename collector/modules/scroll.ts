import type { Core } from '../piece.ts';

const STEPS = [25, 50, 75, 90, 100];

/** `Scroll Depth Reached`: each step once for each address. */
export function scroll({ api }: Core): void {
  let address = '';
  let reached = 0;
  addEventListener(
    'scroll',
    () => {
      const { scrollHeight } = document.documentElement;
      const here = location.pathname + location.search;
      if (address !== here) reached = 0;
      address = here;
      // Half a pixel is lost to rounding on dense screens.
      const percent = ((scrollY + innerHeight + 1) / scrollHeight) * 100;
      for (const step of STEPS) {
        if (step > reached && percent >= step) {
          reached = step;
          api.track('Scroll Depth Reached', { percent: step });
        }
      }
    },
    { passive: true },
  );
}
