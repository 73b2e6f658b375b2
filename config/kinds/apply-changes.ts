import { CONFIG_ID } from '../ids.ts';
import { commandKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';

/** Deciding them holds up everything else. */
const MAX_CHANGES = 1000;

export const applyChanges = commandKind(
  'signal.config.ApplyChanges',
  (state, { configVersion, changes }, { resourceId }) => {
    if (resourceId !== CONFIG_ID)
      return rejected(
        reject('INVALID_ID', 'resourceId', `the configuration as a whole is called ${CONFIG_ID}`),
      );
    if (configVersion !== null && configVersion !== state.version)
      return rejected({
        code: 'CONFIG_MOVED',
        field: 'configVersion',
        message: `the configuration is at version ${state.version} now, not ${configVersion}: plan again`,
        currentVersion: state.version,
      });
    if (changes.length > MAX_CHANGES)
      return rejected(
        reject(
          'TOO_MANY_CHANGES',
          null,
          `at most ${MAX_CHANGES} changes at once, these are ${changes.length}`,
        ),
      );
    return { changes };
  },
);
