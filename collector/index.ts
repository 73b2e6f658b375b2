// What runs outside the browser: how scripts are made out of the built pieces. The page's side is main.ts and npm.ts.
export { type CollectorScript, CollectorScripts } from './compose/collector-scripts.ts';
export {
  type CollectorModule,
  type CollectorSettings,
  type ConsentPlatform,
  composeLoader,
  composeScript,
  DEFAULT_COLLECTOR_SETTINGS,
  MODULES,
  PLATFORMS,
  type ScriptPieces,
} from './compose/compose.ts';
export { readPieces } from './compose/read-pieces.ts';
