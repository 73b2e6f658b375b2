import type { Datafly } from '../api.ts';

declare global {
  interface Window {
    datafly: Datafly;
    _df: Datafly;
    second: Datafly;
    seen: unknown[];
  }
}
