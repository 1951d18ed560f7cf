/**
 * Run Python in Deno: a {@linkcode KernelManager} creates kernels, each with an interpreter of its own,
 * executes code in them and reports their events as Jupyter names them.
 *
 * @module
 */
export { KernelManager, type KernelManagerOptions } from "./manager.ts";
export type { PolicyOptions } from "./policy.ts";
export { type Clock, systemClock } from "./clock.ts";
export { fetchWheel, offeredLanguages, prepareKernels } from "./default_hosts.ts";
export { Kernel } from "./kernel.ts";
export type { KernelInfo } from "./kernel_info.ts";
export { KernelCalls } from "./calls/calls.ts";
export { type FileContent, KernelFiles, type WriteOptions } from "./calls/files.ts";
export type {
  Answer,
  CallArguments,
  CallKernel,
  CallMethod,
  CallOptions,
  CallReplies,
  CommMessage,
  CommOpening,
  FileMethod,
} from "./calls/methods.ts";
export type {
  Completeness,
  Completion,
  FileEntry,
  HistoryEntry,
  HistoryQuery,
  Inspection,
  InstalledPackage,
  LanguageInfo,
  Variable,
} from "./calls/replies.ts";
export type {
  DisplayedValue,
  ExecuteReply,
  ExecuteRequest,
  ExecutionError,
  PythonError,
  UserExpression,
} from "./cell.ts";
export type {
  AssetLocation,
  Engine,
  EngineAssets,
  ImageUser,
  LanguageOffer,
  PackageImages,
  PackageSource,
  ProcessHostFactory,
} from "./engine.ts";
export type { KernelOptions } from "./options.ts";
export type { IsolationMeasure } from "./isolation.ts";
export { KERNEL_ERROR_CODES, KernelError, type KernelErrorCode } from "./errors.ts";
export { KernelEvents } from "./events.ts";
export type {
  ClearOutputEvent,
  CommMessageEvent,
  CommOpenEvent,
  DebugEvent,
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
  ToolCallEvent,
} from "./events.ts";
export { EventBus, type EventStreamOptions, type KernelEventListener } from "./event_bus.ts";
export { type Output, OutputCollector } from "./executions/outputs.ts";
export { copyMembers, objectJson } from "./json_members.ts";
export {
  joinLegacyFrame,
  joinV1Frame,
  splitLegacyFrame,
  splitV1Frame,
  V1_PROTOCOL,
} from "./jupyter_frames.ts";
export { type JsonBounds, type JsonMembers, splitJsonObject } from "./json_text.ts";
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
} from "./executions/result.ts";
export type {
  HostEvent,
  HostFactory,
  HostInit,
  Hosts,
  HostUsage,
  Installer,
  InstallRequest,
  InterruptOutcome,
  KernelHost,
  OwnEventType,
  Recovery,
  RemoteHosts,
  ResolvedTarget,
  WithoutKernelId,
} from "./host.ts";
export {
  type EngineLimits,
  type KernelLimits,
  type LimitOptions,
  type Limits,
  type LocalLimits,
  type OlderLimits,
  parseLimits,
  resolveLimits,
  type ShownLimits,
} from "./limits/limits.ts";
export type { HostNetwork } from "./network/host_network.ts";
export type { PackageAnswer, PackageBroker } from "./packages/request.ts";
export type { NpmOptions } from "./packages/npm/npm_store.ts";
export type { PackageImageOptions, PackageOptions } from "./packages/package_options.ts";
export type { PackageStoreOptions, PinnedWheel } from "./packages/package_store.ts";
export { WheelArchive } from "./packages/wheel_archive.ts";
export type { Mount, MountOptions } from "./mounts.ts";
export {
  checkRemoteServer,
  type RemoteKernel,
  type RemoteKernelSpec,
  type RemoteServerOptions,
  type RemoteTarget,
} from "./remote_options.ts";
export type { PoolProfile } from "./pool/pools.ts";
export type { Grant, GrantedPermissions, PermissionOptions, Permissions } from "./permissions.ts";
export type {
  RejectionVerdict,
  Runtime,
  RuntimeInit,
  RuntimeSignals,
  RuntimeSink,
  StartRuntime,
} from "./runtime.ts";
export {
  type CommonOptions,
  type KernelIdentity,
  KernelMode,
  type LocalOptions,
  type MainThreadOptions,
  type ProcessOptions,
  type RemoteOptions,
  type StartOptions,
  type WorkerOptions,
} from "./start_options.ts";
export type {
  KernelTool,
  KernelTools,
  ToolContext,
  ToolDescription,
  ToolOutcome,
} from "./tools/tools.ts";
export type { StreamName } from "./streams.ts";
