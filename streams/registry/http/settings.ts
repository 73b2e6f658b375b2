import type { FastifyInstance } from 'fastify';
import { deleteConfig, deleteMode, setConfig, setMode } from '../commands/settings.ts';
import { RegistryError } from '../errors.ts';
import type { Config } from '../records.ts';
import type { Registry } from '../registry.ts';
import { answer, ConfigBody, isSet, ModeBody, type Query, readBody } from './message.ts';

/** Without a subject, the global setting. */
interface Setting {
  Params: { subject?: string };
  Querystring: Query;
}

export function settingRoutes(app: FastifyInstance, registry: Registry): void {
  const { store } = registry;

  for (const path of ['/config', '/config/:subject']) {
    app.get<Setting>(path, (request, reply) => {
      const { subject } = request.params;
      const own = store.config(subject);
      if (own !== undefined && (subject === undefined || !isSet(request.query, 'defaultToGlobal')))
        return answer(reply, own);
      if (subject !== undefined && isSet(request.query, 'defaultToGlobal')) {
        const { level, normalize } = store.configInScope(subject);
        return answer(reply, { compatibilityLevel: level, ...(normalize ? { normalize } : {}) });
      }
      throw new RegistryError(
        'SUBJECT_COMPATIBILITY_NOT_CONFIGURED',
        `Subject '${subject}' does not have subject-level compatibility configured`,
      );
    });

    app.put<Setting>(path, async (request, reply) => {
      const change = readBody(ConfigBody, request.body);
      const config = await registry.run((now) => setConfig(now, request.params.subject, change));
      return answer(reply, echo(config));
    });

    app.delete<Setting>(path, async (request, reply) =>
      answer(reply, await registry.run((now) => deleteConfig(now, request.params.subject))),
    );
  }

  for (const path of ['/mode', '/mode/:subject']) {
    app.get<Setting>(path, (request, reply) => {
      const { subject } = request.params;
      const mode =
        subject !== undefined && isSet(request.query, 'defaultToGlobal')
          ? store.modeInScope(subject)
          : store.mode(subject);
      if (mode !== undefined) return answer(reply, { mode });
      throw new RegistryError(
        'SUBJECT_MODE_NOT_CONFIGURED',
        `Subject '${subject}' does not have subject-level mode configured`,
      );
    });

    app.put<Setting>(path, async (request, reply) => {
      const { mode } = readBody(ModeBody, request.body);
      return answer(reply, { mode: await registry.run(() => setMode(request.params.subject, mode)) });
    });

    app.delete<Setting>(path, async (request, reply) =>
      answer(reply, { mode: await registry.run((now) => deleteMode(now, request.params.subject)) }),
    );
  }
}

/** Requests name the level otherwise than answers do. */
function echo({ compatibilityLevel, normalize }: Config): object {
  return { compatibility: compatibilityLevel, normalize };
}
