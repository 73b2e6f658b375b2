import { type Static, Type } from '@sinclair/typebox';
import { type ConfigProjection, type ConfigState, EMPTY_STATE } from '../../config/index.ts';
import { validationFailed } from '../errors.ts';
import { PageQuery } from './paging.ts';

/** A point in the history of the configuration. */
export const AtField = Type.String({
  maxLength: 40,
  pattern:
    '^([0-9]{1,15}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2}))$',
  description: 'Sequence of a config event, or a time: 2026-01-31T12:00:00Z',
  errorMessage: 'Expected a sequence or a time such as 2026-01-31T12:00:00Z',
});

/** Of every read of configuration. */
export const AtQuery = Type.Object(
  { at: Type.Optional({ ...AtField, description: `As it was then. ${AtField.description}` }) },
  { additionalProperties: false },
);

export const ConfigPageQuery = Type.Composite([PageQuery, AtQuery], { additionalProperties: false });

type Projection = Pick<ConfigProjection, 'at' | 'current' | 'version' | 'headsBetween'>;

/** A point in the history of a log that is signed: a sequence in it, or a time. */
export const LogAtField = Type.Optional({
  ...AtField,
  description: 'As it was then: a sequence in this log, or a time: 2026-01-31T12:00:00Z',
});

/** What of a log there was at a point; all of it if none is named. `sequence`: of a record, or of the last one that
 * something covers. Whether there will be such a point is not asked: a log only grows. */
export function wasThere(at: string | undefined): (sequence: number, time: number) => boolean {
  if (at === undefined) return () => true;
  if (/^\d+$/.test(at)) return (sequence) => sequence <= Number(at);
  const last = Date.parse(at);
  if (Number.isNaN(last)) throw outOfRange('at', 'there is no such time');
  return (_, time) => time <= last;
}

/** The configuration at the point that a request names; left out, as it is now. */
export function stateAt(projection: Projection, { at }: Static<typeof AtQuery>): ConfigState {
  return at === undefined ? projection.current : projection.at(versionAt(projection, at, 'at'));
}

/** The config version at a point: the sequence itself, or that of the last event by then. `field`: where it was
 * named. */
export function versionAt(projection: Projection, at: string, field: string): number {
  if (/^\d+$/.test(at)) {
    const version = Number(at);
    if (version <= projection.version) return version;
    throw outOfRange(field, `the latest event is ${projection.version}`);
  }
  const time = Date.parse(at);
  if (Number.isNaN(time)) throw outOfRange(field, 'there is no such time');
  return lastBy(projection, time);
}

const STEP = 1000;

/** From the end: most questions are about the recent past. */
function lastBy(projection: Projection, time: number): number {
  for (let to = projection.version + 1; to > 1; to -= STEP) {
    const last = projection.headsBetween(Math.max(to - STEP, 1), to).findLast((head) => head.time <= time);
    if (last !== undefined) return last.sequence;
  }
  return EMPTY_STATE.version;
}

const outOfRange = (path: string, message: string) =>
  validationFailed([{ path, code: 'OUT_OF_RANGE', message }]);
