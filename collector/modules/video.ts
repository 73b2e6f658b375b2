import type { Core } from '../piece.ts';

const STEPS = [25, 50, 75];

/** `Video Played`, `Paused`, `Progressed`, `Completed`, and `Audio …`: the page's own media elements. */
export function video({ api }: Core): void {
  const progress = new WeakMap<EventTarget, number>();
  const listen = (type: string, what: (media: HTMLMediaElement) => string | undefined) =>
    addEventListener(
      type,
      ({ target: media }) => {
        if (!(media instanceof HTMLMediaElement)) return;
        const word = what(media);
        if (!word) return;
        api.track(`${media instanceof HTMLVideoElement ? 'Video' : 'Audio'} ${word}`, {
          media_id: media.id || undefined,
          media_url: media.currentSrc.replace(/[?#].*/, ''),
          position: Math.round(media.currentTime),
          duration: Math.round(media.duration) || undefined,
          percent: word === 'Progressed' ? progress.get(media) : undefined,
        });
      },
      // Media events do not bubble, but are captured on their way down.
      true,
    );
  listen('play', () => 'Played');
  // A medium that ends says that it pauses first.
  listen('pause', (media) => (media.ended ? undefined : 'Paused'));
  listen('ended', (media) => {
    progress.delete(media);
    return 'Completed';
  });
  listen('timeupdate', (media) => {
    const percent = (media.currentTime / media.duration) * 100;
    const [step] = STEPS.filter((step) => percent >= step).slice(-1);
    if (!step || step <= (progress.get(media) || 0)) return undefined;
    progress.set(media, step);
    return 'Progressed';
  });
}
