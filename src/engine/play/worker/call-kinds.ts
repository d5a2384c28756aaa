import type { Call, HostModule, PerformingModule } from '../../../model/module.ts';
import type { Predictions } from './predictions.ts';

/** True for a module that minds its own round trips. */
export function isPerforming(module: HostModule | PerformingModule): module is PerformingModule {
  return 'perform' in module;
}

/** What a module asks of predictions is answered by the worker, which remembers them. */
export function withPredictions({ predicted, predictsAny }: Predictions, call: Call): Call {
  return call.checkMode ? { ...call, predicted, predictsAny } : call;
}
