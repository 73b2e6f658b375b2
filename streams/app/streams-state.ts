/** `restoring`: tasks are being opened whose state has to be read back from its changelog first. */
export const STREAMS_STATES = ['created', 'rebalancing', 'restoring', 'running', 'stopped', 'error'] as const;

export type StreamsState = (typeof STREAMS_STATES)[number];
