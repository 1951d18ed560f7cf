/**
 * Run Python in Deno: a {@linkcode KernelManager} creates kernels, each with an interpreter of its own,
 * runs code in them and reports what happens as Jupyter's events.
 *
 * @module
 */
export { KernelManager, type KernelManagerOptions } from "./manager.ts";
export { prepareKernels } from "./default_hosts.ts";
export { Kernel, type KernelInfo } from "./kernel.ts";
export { type CallKernel, type CallOptions, KernelCalls } from "./calls/calls.ts";
export { KernelMode, type KernelOptions } from "./options.ts";
export type { IsolationMeasure } from "./isolation.ts";
export { KERNEL_ERROR_CODES, KernelError, type KernelErrorCode } from "./errors.ts";
export { KernelEvents } from "./events.ts";
export type {
  ClearOutputEvent,
  CommMessageEvent,
  CommOpenEvent,
  DisplayDataEvent,
  EventBase,
  ExecuteErrorEvent,
  ExecuteInputEvent,
  ExecuteResultEvent,
  ExecutionStalledEvent,
  InputRequestEvent,
  KernelEvent,
  KernelEventOf,
  KernelEventType,
  KernelStatus,
  KernelTerminatedEvent,
  MimeBundle,
  PackageProgressEvent,
  StatusEvent,
  StreamEvent,
} from "./events.ts";
export { EventBus, type EventStreamOptions, type KernelEventListener } from "./event_bus.ts";
export type {
  ExecuteOptions,
  ExecuteResult,
  ExecutionInfo,
  ExecutionStream,
  ExecutionTimings,
  ExecutionUsage,
  KernelOutcome,
  OngoingExecution,
  SubmittedExecution,
} from "./executions/executions.ts";
export type {
  CallArguments,
  CallMethod,
  CallReplies,
  CommMessage,
  CommOpening,
  Completeness,
  Completion,
  DisplayedValue,
  ExecuteReply,
  ExecuteRequest,
  FileMethod,
  HistoryEntry,
  HistoryQuery,
  HostEvent,
  HostFactory,
  HostInit,
  Hosts,
  HostUsage,
  Inspection,
  InstalledPackage,
  KernelHost,
  KernelIdentity,
  LanguageInfo,
  OwnEventType,
  PythonError,
  UserExpression,
  Variable,
  WithoutKernelId,
} from "./host.ts";
export { type FileContent, type FileEntry, KernelFiles, type WriteOptions } from "./calls/files.ts";
export { type KernelLimits, parseLimits, resolveLimits } from "./limits/limits.ts";
export type { PackageAnswer, PackageBroker } from "./packages/request.ts";
export type { PackageStoreOptions } from "./packages/package_store.ts";
export type { Mount, MountOptions } from "./mounts.ts";
export type { PoolProfile } from "./pool/pools.ts";
export { type Output, OutputCollector } from "./executions/outputs.ts";
export type { Grant, GrantedPermissions, PermissionOptions, Permissions } from "./permissions.ts";
