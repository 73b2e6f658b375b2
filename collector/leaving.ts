/**
 * Phones end a page without ever saying so; that it was hidden is the last thing they tell. `pagehide` is for
 * navigation in a tab that stays in front, where some browsers tell nothing else.
 */
export function watchLeaving(leave: () => void): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') leave();
  });
  addEventListener('pagehide', leave);
}
