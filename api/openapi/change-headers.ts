/** `components.parameters`: what may come with every change. */
export const CHANGE_HEADERS = {
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description:
      'The `ETag` that was read. Refused with 409 and `current_version` if the resource has changed since',
    schema: { type: 'string', pattern: '^("(0|[1-9][0-9]{0,14})"|[*])$' },
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Chosen by the caller. The same key again, at the same path, is the same change again: it is answered as the first time, and not made twice. Refused with 422 if what the request says is not the same',
    schema: { type: 'string', pattern: '^[!-~]{1,200}$' },
  },
  ChangeReason: {
    name: 'X-Change-Reason',
    in: 'header',
    required: false,
    description:
      'Why, for the audit trail, in UTF-8. The settings can demand it; only 500 characters are kept',
    schema: { type: 'string' },
  },
} as const;

export const changeHeaderRefs = (): object[] =>
  Object.keys(CHANGE_HEADERS).map((name) => ({ $ref: `#/components/parameters/${name}` }));
