import { SETTINGS_ID } from '../ids.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { MAX_DEDUPLICATION_HOURS } from '../resources/settings.ts';

const MAX_REQUESTS = 1_000_000;

export const updateSettings = commandKind('signal.config.UpdateSettings', ({ settings }, command, meta) => {
  if (meta.resourceId !== SETTINGS_ID)
    return rejected(reject('INVALID_ID', 'resourceId', `the settings are called ${SETTINGS_ID}`));
  const next = {
    changeReasonRequired: command.changeReasonRequired ?? settings.changeReasonRequired,
    approvalRequired: command.approvalRequired ?? settings.approvalRequired,
    requestsPerMinute: command.requestsPerMinute ?? settings.requestsPerMinute,
    deduplicationHours: command.deduplicationHours ?? settings.deduplicationHours,
  };
  if (next.requestsPerMinute < 1 || next.requestsPerMinute > MAX_REQUESTS)
    return rejected(
      reject(
        'INVALID_RATE_LIMIT',
        'requestsPerMinute',
        `the limit is 1 to ${MAX_REQUESTS} requests a minute`,
      ),
    );
  if (next.deduplicationHours < 0 || next.deduplicationHours > MAX_DEDUPLICATION_HOURS)
    return rejected(
      reject(
        'INVALID_SETTING',
        'deduplicationHours',
        `messages are remembered for 0 to ${MAX_DEDUPLICATION_HOURS} hours`,
      ),
    );
  if (
    next.changeReasonRequired === settings.changeReasonRequired &&
    next.approvalRequired === settings.approvalRequired &&
    next.requestsPerMinute === settings.requestsPerMinute &&
    next.deduplicationHours === settings.deduplicationHours
  )
    return rejected(reject('NOTHING_CHANGED', null, 'the settings are like that already'));
  return accepted({ 'signal.config.SettingsUpdated': next });
});

export const settingsUpdated = eventKind('signal.config.SettingsUpdated', 'settings.updated', {
  evolve: (state, event, meta) => ({ ...state, settings: { ...event, ...changed(meta) } }),
  show: (event) => ({ ...event }),
});
