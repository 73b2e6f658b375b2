import { afterEach, expect, it, vi } from 'vitest';
import { createEmitter } from './emitter.ts';

afterEach(() => vi.restoreAllMocks());

it('tells each listener, though another throws', () => {
  const log = vi.spyOn(console, 'error').mockReturnValue();
  const emitter = createEmitter();
  const heard: unknown[] = [];
  emitter.on('error', () => {
    throw new Error('the page’s own mistake');
  });
  emitter.on('error', (error) => heard.push(error));
  emitter.emit_({ error: { code: 'queue_full', dropped: 1 } });
  expect(heard).toEqual([{ code: 'queue_full', dropped: 1 }]);
  expect(log).toHaveBeenCalledOnce();
});

it('tells a listener no more once it has stopped', () => {
  const emitter = createEmitter();
  const heard: unknown[] = [];
  const stop = emitter.on('error', (error) => heard.push(error));
  stop();
  emitter.emit_({ error: { code: 'queue_full', dropped: 1 } });
  expect(heard).toEqual([]);
});

it('logs notices while debugging', () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const emitter = createEmitter();
  emitter.debug();
  emitter.emit_({ error: { code: 'queue_full', dropped: 1 } });
  emitter.debug(false);
  emitter.emit_({ error: { code: 'queue_full', dropped: 2 } });
  expect(log).toHaveBeenCalledOnce();
});
