// This file is made by `deno task client` from the server's description of its API: change it there.
// deno-lint-ignore-file -- made by a program
// deno-fmt-ignore-file
export interface paths {
    "/api/kernels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List kernels */
        get: {
            parameters: {
                query?: {
                    namespace?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The kernels in the order of their creation */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Kernel"][];
                    };
                };
            };
        };
        put?: never;
        /** Start a kernel */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    /**
                     * @example {
                     *       "language": "python",
                     *       "limits": {
                     *         "memoryMiB": 512
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CreateKernel"];
                };
            };
            responses: {
                /** @description The kernel has started and runs Python */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Kernel"];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description A package cannot be installed; the message says why */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description A limit is reached; try again after `Retry-After` seconds */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a kernel */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The kernel */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Kernel"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** End a kernel and what runs in it */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The kernel has ended */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change the time without work after which a kernel is shut down */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "inactivityTimeoutMs": 600000
                     *     }
                     */
                    "application/json": components["schemas"]["UpdateKernel"];
                };
            };
            responses: {
                /** @description The kernel */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Kernel"];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/kernels/{id}/interrupt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Raise KeyboardInterrupt in the running execution */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The interrupt was delivered, or waits until the present call of the cell returns, or nothing runs */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give a kernel a fresh interpreter */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The kernel has a fresh interpreter */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Kernel"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Test whether a kernel answers; a kernel that computes does not */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    /**
                     * @example {
                     *       "timeoutMs": 1000
                     *     }
                     */
                    "application/json": {
                        timeoutMs?: number;
                    };
                };
            };
            responses: {
                /** @description `alive` tells whether the kernel answered in time */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            alive: boolean;
                        };
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follow a kernel: its status, then every event from now on */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The events, until the kernel ends */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/servers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the other Jupyter servers on which kernels may run */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The servers, by name */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                        }[];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/servers/{name}/kernels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the kernels that run on another server, whoever started them */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The name of the server in the settings */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Its kernels */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The `remoteKernelId` of POST /api/kernels */
                            id: string;
                            kernelName: string;
                            /** @description The state in that server's words */
                            status: string;
                            connections: number | null;
                            lastActivity: string | null;
                        }[];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The other server cannot be reached */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The answer did not come in time */
                504: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/servers/{name}/kernelspecs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the kinds of kernels that another server offers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description The name of the server in the settings */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Its kinds of kernels */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The `kernelName` of POST /api/kernels */
                            name: string;
                            displayName: string;
                            language: string;
                        }[];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The other server cannot be reached */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The answer did not come in time */
                504: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run Python
         * @description The answer is the execution's record, when it is done or at once with `wait: false`. With `Accept: text/event-stream` or `application/x-ndjson` the answer is the stream of its events.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "code": "print('Hello')\n6 * 7"
                     *     }
                     */
                    "application/json": components["schemas"]["SubmitExecution"];
                };
            };
            responses: {
                /** @description The execution is done; a Python exception is one of its outcomes */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Execution"];
                        "text/event-stream": string;
                        "application/x-ndjson": string;
                    };
                };
                /** @description The execution waits or runs */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Execution"];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The body is larger than the server accepts */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description A limit is reached; try again after `Retry-After` seconds */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List executions, the newest first */
        get: {
            parameters: {
                query?: {
                    kernelId?: string;
                    /** @description `timeout`: its time limit ended it. `aborted`: it never ran, or its kernel ended under it. `lost`: the server ended under it, and nobody knows how far it came */
                    status?: "queued" | "running" | "ok" | "error" | "aborted" | "timeout" | "lost";
                    /** @description Continues a list: the id of its last execution */
                    before?: string;
                    /** @description Answers whole records, with results, tracebacks and outputs */
                    include?: "outputs";
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The executions without results, tracebacks and outputs; fewer than `limit` when they are large. A list ends when the one that continues it is empty */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            executions: components["schemas"]["ListedExecution"][];
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show an execution with its outputs so far */
        get: {
            parameters: {
                query?: {
                    /** @description The seconds to wait for the end of the execution */
                    wait?: number | null;
                };
                header?: never;
                path: {
                    /**
                     * @description The id of the execution
                     * @example EXECUTION_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The execution's record */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Execution"];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Take an execution out of the queue, or interrupt it */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the execution
                     * @example EXECUTION_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description `dequeued`: the execution will not run; `interrupted`: KeyboardInterrupt was raised in it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @enum {string} */
                            cancelled: "dequeued" | "interrupted";
                        };
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow an execution
         * @description Every event has a number. A client that was cut off goes on after the number of the last event that it has. The last event has the type `done`.
         */
        get: {
            parameters: {
                query?: {
                    after?: number | null;
                };
                header?: {
                    "last-event-id"?: number | null;
                };
                path: {
                    /**
                     * @description The id of the execution
                     * @example EXECUTION_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The events of the execution, those to come too */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                        "application/x-ndjson": string;
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{id}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer the input() of an execution */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the execution
                     * @example EXECUTION_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "value": "Ada"
                     *     }
                     */
                    "application/json": {
                        /** @description The line; null ends the input: input() raises EOFError */
                        value: string | null;
                        /** @description Names the request; by default the oldest */
                        requestId?: string;
                    };
                };
            };
            responses: {
                /** @description `accepted` tells whether input() waited for the answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            accepted: boolean;
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{id}/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer a tool_call of an execution */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the execution
                     * @example EXECUTION_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "requestId": "the one of the event",
                     *       "value": 42
                     *     }
                     */
                    "application/json": {
                        /** @description The `requestId` of the event */
                        requestId: string;
                        /** @description The answer: any JSON value */
                        value?: unknown;
                        /** @description The message of the ToolError that is raised instead */
                        error?: string;
                    };
                };
            };
            responses: {
                /** @description `accepted` tells whether code waited for the answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            accepted: boolean;
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** List the completions at the cursor */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "code": "import math\nmath.sq"
                     *     }
                     */
                    "application/json": {
                        code: string;
                        /** @description The cursor's position in code points; by default the end of the code */
                        cursorPos?: number;
                    };
                };
            };
            responses: {
                /** @description The kernel's answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            matches: string[];
                            cursorStart: number;
                            cursorEnd: number;
                            metadata: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/inspect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show the documentation of the name at the cursor */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "code": "len"
                     *     }
                     */
                    "application/json": {
                        code: string;
                        /** @description The cursor's position in code points; by default the end of the code */
                        cursorPos?: number;
                        detailLevel?: 0 | 1;
                    };
                };
            };
            responses: {
                /** @description The kernel's answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            found: boolean;
                            data: {
                                [key: string]: unknown;
                            };
                            metadata: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/is-complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Test whether code is complete or wants another line */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "code": "for i in range(3):"
                     *     }
                     */
                    "application/json": {
                        code: string;
                    };
                };
            };
            responses: {
                /** @description The kernel's answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "complete" | "incomplete" | "invalid" | "unknown";
                            indent: string;
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer an input_request event */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "requestId": "the one of the event",
                     *       "value": "Ada"
                     *     }
                     */
                    "application/json": {
                        requestId: string;
                        /** @description The line; null ends the input: input() raises EOFError */
                        value: string | null;
                    };
                };
            };
            responses: {
                /** @description The kernel's answer */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            accepted: boolean;
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List past inputs: the last `n`, those that match `pattern`, or those from `start` to `stop` */
        get: {
            parameters: {
                query?: {
                    n?: number;
                    /** @description A glob */
                    pattern?: string;
                    unique?: "true" | "false";
                    start?: number | null;
                    stop?: number | null;
                    session?: number | null;
                    output?: "true" | "false";
                    raw?: "true" | "false";
                };
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Entries of the form `[session, line, input]`, or `[session, line, [input, output]]` */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            history: unknown[][];
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/variables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the variables that cells have made */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The variables by name */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            variables: {
                                name: string;
                                type: string;
                                summary: string;
                                bytes: number | null;
                                length: number | null;
                                shape: number[] | null;
                            }[];
                        };
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/comms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the open comms, of one target or of all */
        get: {
            parameters: {
                query?: {
                    targetName?: string;
                };
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The open comms by id */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            comms: {
                                [key: string]: {
                                    targetName: string;
                                };
                            };
                        };
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Open a comm to a target that the kernel's code has registered */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "commId": "example",
                     *       "targetName": "jupyter.widget.control"
                     *     }
                     */
                    "application/json": {
                        /** @default {} */
                        data?: {
                            [key: string]: unknown;
                        };
                        /** @default {} */
                        metadata?: {
                            [key: string]: unknown;
                        };
                        /**
                         * @description Bytes that belong to the data, each in Base64
                         * @default []
                         */
                        buffers?: string[];
                        commId: string;
                        targetName: string;
                    };
                };
            };
            responses: {
                /** @description The target has the comm; what it sends is among the kernel's events */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/comms/{commId}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a message over an open comm */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                    /**
                     * @description The id of the comm
                     * @example example
                     */
                    commId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "method": "request_states"
                     *       }
                     *     }
                     */
                    "application/json": {
                        /** @default {} */
                        data?: {
                            [key: string]: unknown;
                        };
                        /** @default {} */
                        metadata?: {
                            [key: string]: unknown;
                        };
                        /**
                         * @description Bytes that belong to the data, each in Base64
                         * @default []
                         */
                        buffers?: string[];
                    };
                };
            };
            responses: {
                /** @description The kernel has handled the message; it answers by events */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/comms/{commId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Close a comm */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                    /**
                     * @description The id of the comm
                     * @example example
                     */
                    commId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The comm is closed */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a file, or a directory with its entries */
        get: {
            parameters: {
                query?: {
                    /**
                     * @description A path inside the kernel, absolute or from its working directory
                     * @example notes.txt
                     */
                    path?: string;
                };
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or directory */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FileListing"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Make a directory */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "path": "results",
                     *       "type": "directory"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description A path inside the kernel, absolute or from its working directory
                         * @example data/measurements.csv
                         */
                        path: string;
                        /** @enum {string} */
                        type: "directory";
                    };
                };
            };
            responses: {
                /** @description The directory exists */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FileEntry"];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        /** Remove a file or directory */
        delete: {
            parameters: {
                query: {
                    /**
                     * @description A path inside the kernel, absolute or from its working directory
                     * @example notes.txt
                     */
                    path: string;
                    recursive?: "true" | "false";
                };
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file or directory is removed */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Rename or move a file or directory */
        patch: {
            parameters: {
                query: {
                    /**
                     * @description A path inside the kernel, absolute or from its working directory
                     * @example notes.txt
                     */
                    path: string;
                };
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "path": "renamed.txt"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description A path inside the kernel, absolute or from its working directory
                         * @example data/measurements.csv
                         */
                        path: string;
                    };
                };
            };
            responses: {
                /** @description The file or directory under its new path */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FileEntry"];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/kernels/{id}/files/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download a file */
        get: {
            parameters: {
                query: {
                    /**
                     * @description A path inside the kernel, absolute or from its working directory
                     * @example notes.txt
                     */
                    path: string;
                };
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The bytes of the file */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        /** Write a file; the body is its content */
        put: {
            parameters: {
                query: {
                    /**
                     * @description A path inside the kernel, absolute or from its working directory
                     * @example notes.txt
                     */
                    path: string;
                };
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/octet-stream": string;
                };
            };
            responses: {
                /** @description The file replaces another */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FileEntry"];
                    };
                };
                /** @description The file is new */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FileEntry"];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The body is larger than the server accepts */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/files/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Write files into a directory, as an HTML form sends them */
        post: {
            parameters: {
                query?: {
                    /**
                     * @description A path inside the kernel, absolute or from its working directory
                     * @example notes.txt
                     */
                    path?: string;
                };
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "multipart/form-data": {
                        /** Format: binary */
                        file?: string;
                    };
                };
            };
            responses: {
                /** @description The files that were written */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            files: components["schemas"]["FileEntry"][];
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The body is larger than the server accepts */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the packages that are installed in a kernel */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The packages by name */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InstalledPackages"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Install packages, after the executions that wait */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "packages": [
                     *         "six"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InstallPackages"];
                };
            };
            responses: {
                /** @description All packages that are installed now */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["InstalledPackages"];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description A package cannot be installed; the message says why */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notebooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the notebooks on this server */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The notebooks by path */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            notebooks: components["schemas"]["NotebookEntry"][];
                        };
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Make a notebook under a free name: with a number when there is one of that path */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "path": "Example.ipynb",
                     *       "content": {
                     *         "nbformat": 4,
                     *         "nbformat_minor": 5,
                     *         "metadata": {},
                     *         "cells": [
                     *           {
                     *             "id": "first",
                     *             "cell_type": "code",
                     *             "source": "print('Hello')\n6 * 7",
                     *             "metadata": {},
                     *             "outputs": [],
                     *             "execution_count": null
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": {
                        /** @example reports/may.ipynb */
                        path: string;
                        content?: components["schemas"]["Notebook"];
                    };
                };
            };
            responses: {
                /** @description The new notebook */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NotebookEntry"];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The body is larger than the server accepts */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notebooks/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a notebook */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example Example.ipynb */
                    path: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The notebook in the notebook format; `ETag` names this version */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Notebook"];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        /**
         * Write a notebook
         * @description A new notebook is written with `If-None-Match: *`, and one that was read before with its `ETag` as `If-Match`, so that nobody's version is lost; `If-Match: *` replaces any version.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` of the version to replace */
                    "if-match"?: string;
                    /** @description `*`: only a new notebook */
                    "if-none-match"?: string;
                };
                path: {
                    /** @example Example.ipynb */
                    path: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "nbformat": 4,
                     *       "nbformat_minor": 5,
                     *       "metadata": {},
                     *       "cells": [
                     *         {
                     *           "id": "first",
                     *           "cell_type": "code",
                     *           "source": "print('Hello')\n6 * 7",
                     *           "metadata": {},
                     *           "outputs": [],
                     *           "execution_count": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Notebook"];
                };
            };
            responses: {
                /** @description The notebook replaces another */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NotebookEntry"];
                    };
                };
                /** @description The notebook is new */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NotebookEntry"];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The notebook is not as the request's condition says: it has changed, or there is one already */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The body is larger than the server accepts */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is a notebook already, and the request does not say which version it replaces */
                428: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        post?: never;
        /** Remove a notebook */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example Example.ipynb */
                    path: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The notebook is removed */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Rename a notebook */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example Example.ipynb */
                    path: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "path": "Renamed.ipynb"
                     *     }
                     */
                    "application/json": {
                        /** @example reports/may.ipynb */
                        path: string;
                    };
                };
            };
            responses: {
                /** @description The notebook under its new path */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NotebookEntry"];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/notebook-versions/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the kept versions of a notebook, the newest first; with `id`, read one */
        get: {
            parameters: {
                query?: {
                    id?: string;
                };
                header?: never;
                path: {
                    /** @example Example.ipynb */
                    path: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The versions; with `id`, a notebook in the notebook format */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            versions: {
                                id: string;
                                /** Format: date-time */
                                replacedAt: string;
                                size: number;
                            }[];
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/live-notebooks/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an open notebook as it is now, saved or not; with `format`, as a file of that format */
        get: {
            parameters: {
                query?: {
                    format?: "ipynb" | "py" | "js" | "ts" | "sh" | "md";
                };
                header?: never;
                path: {
                    /** @example Example.ipynb */
                    path: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The notebook */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LiveNotebook"];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Run cells of an open notebook, and act on its kernel and its file */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example Example.ipynb */
                    path: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "run": [
                     *         "first"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @description Takes the cells that wait out of the queue, before anything else */
                        dropWaiting?: boolean;
                        /**
                         * @description The ids of cells to run in this order, until one fails
                         * @default []
                         */
                        run?: string[];
                        /** @description Default: the notebook's own kernel */
                        kernelId?: string;
                        /** @description True: somebody answers `input()` */
                        allowStdin?: boolean;
                        timeoutMs?: number;
                        /**
                         * @description False: answer before the runs end
                         * @default true
                         */
                        wait?: boolean;
                        /** @description Starts the notebook's kernel if there is none */
                        startKernel?: boolean;
                        /** @description Keeps the notebook as it is now among its versions */
                        keepVersion?: boolean;
                        /**
                         * @description Ends a conflict: keeps the open notebook, or takes what the file has
                         * @enum {string}
                         */
                        resolve?: "mine" | "theirs";
                        /** @description Writes the file now */
                        save?: boolean;
                    };
                };
            };
            responses: {
                /** @description The cells in their order, when the last one has ended; empty when the request does not wait */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            outcomes: {
                                cellId: string;
                                executionId: string | null;
                                status: string;
                                problem: string | null;
                            }[];
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        /** Change cells of an open notebook; all edits are made, or none */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @example Example.ipynb */
                    path: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "edits": [
                     *         {
                     *           "type": "insert",
                     *           "cell": {
                     *             "source": "1 + 1"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        edits: ({
                            /** @enum {string} */
                            type: "insert";
                            after?: string | null;
                            cell: {
                                id?: string;
                                /**
                                 * @default code
                                 * @enum {string}
                                 */
                                type?: "code" | "markdown" | "raw";
                                /** @default  */
                                source?: string;
                                /** @default {} */
                                metadata?: {
                                    [key: string]: unknown;
                                };
                            };
                        } | {
                            /** @enum {string} */
                            type: "replace";
                            id: string;
                            source: string;
                            expected?: string;
                        } | {
                            /** @enum {string} */
                            type: "set_type";
                            id: string;
                            /** @enum {string} */
                            cellType: "code" | "markdown" | "raw";
                        } | {
                            /** @enum {string} */
                            type: "set_metadata";
                            id: string;
                            metadata: {
                                [key: string]: unknown;
                            };
                        } | {
                            /** @enum {string} */
                            type: "move";
                            id: string;
                            after: string | null;
                        } | {
                            /** @enum {string} */
                            type: "delete";
                            id: string;
                        } | {
                            /** @enum {string} */
                            type: "clear_outputs";
                            id: string;
                        })[];
                    };
                };
            };
            responses: {
                /** @description The id of the cell that each edit changed or inserted */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ids: string[];
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The notebook is not as the request's condition says: it has changed, or there is one already */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the server's modes and limits */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The server's modes and limits */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description The modes that kernels may have */
                            modes: ("main_thread" | "process" | "remote" | "worker")[];
                            /** @enum {string} */
                            defaultMode: "main_thread" | "process" | "remote" | "worker";
                            /** @description True if the server keeps notebooks */
                            notebooks: boolean;
                            limits: {
                                maxKernels: number;
                                maxQueue: number;
                                kernel: components["schemas"]["KernelLimits"] & unknown;
                                maxBodyBytes: number;
                                maxUploadBytes: number;
                            };
                            /** @description The directories that kernels may mount, with those below them */
                            mountRoots: string[];
                            /** Format: date-time */
                            startedAt: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/languages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the languages that kernels can have, the default one first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The languages */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            languages: {
                                /** @description The name, as kernels are asked for */
                                language: string;
                                displayName: string;
                                /** @description The modes that kernels of the language may have here */
                                modes: ("main_thread" | "process" | "remote" | "worker")[];
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a kernel and its history */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The kernel, with its last 100 executions, fewer when they are large */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Kernel"] & {
                            history: {
                                id: string;
                                script: string;
                                outputs: {
                                    type: string;
                                    data: {
                                        [key: string]: unknown;
                                    };
                                }[];
                            }[];
                        };
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/execute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run Python and return its outputs */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "code": "print('Hello')\n6 * 7"
                     *     }
                     */
                    "application/json": {
                        code: string;
                    };
                };
            };
            responses: {
                /** @description The outputs */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            type: string;
                            data: {
                                [key: string]: unknown;
                            };
                        }[];
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description A limit is reached; try again after `Retry-After` seconds */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/execute/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run Python and follow its outputs */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "code": "print('Hello')\n6 * 7"
                     *     }
                     */
                    "application/json": {
                        code: string;
                    };
                };
            };
            responses: {
                /** @description One line `data: {type, data}` for each output */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description A limit is reached; try again after `Retry-After` seconds */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/execute/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run Python without waiting */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "code": "print('Hello')\n6 * 7"
                     *     }
                     */
                    "application/json": {
                        code: string;
                    };
                };
            };
            responses: {
                /** @description The id of the execution */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            session_id: string;
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The present state does not allow this; the message says why */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description A limit is reached; try again after `Retry-After` seconds */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/execute/result/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the outputs of a submitted execution once it is done */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                    /** @example EXECUTION_ID */
                    session_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The outputs */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            type: string;
                            data: {
                                [key: string]: unknown;
                            };
                        }[];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/kernels/{id}/execute/stream/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follow a submitted execution from its beginning */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of the kernel
                     * @example KERNEL_ID
                     */
                    id: string;
                    /** @example EXECUTION_ID */
                    session_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description One line `data: {type, data}` for each output */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the tokens that are bound to namespaces; for the administrator */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The tokens */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            tokens: components["schemas"]["Token"][];
                        };
                    };
                };
            };
        };
        put?: never;
        /** Make a token that is bound to a namespace; for the administrator */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "namespace": "ada",
                     *       "scopes": [
                     *         "read",
                     *         "run"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @description The namespace that the token is bound to */
                        namespace: string;
                        /** @description Every token may look; `run` lets it run code and steer kernels, `files` change files and notebooks; by default all */
                        scopes?: ("read" | "run" | "files")[];
                        /** @description The families of APIs that it is for; by default all */
                        families?: ("native" | "jupyter" | "earlier" | "mcp" | "coderunner" | "colab" | "kernel_proxy" | "jupycell" | "e2b")[];
                        /** @description `kernels`: the most kernels of the namespace at a time, by default `NAMESPACE_KERNELS`; and the highest limits of each kernel, such as `memoryMiB`, within those of the server */
                        limits?: {
                            [key: string]: number;
                        };
                        /** @description The requests that may come with it in a minute; by default any number */
                        requestsPerMinute?: number;
                        /** @description The modes of its kernels, of those that the server allows; by default `process` */
                        modes?: ("main_thread" | "process" | "remote" | "worker")[];
                        /** @description The directories that its kernels may mount; by default none */
                        mounts?: string[];
                        /** @description The other Jupyter servers on which its kernels may run; by default none */
                        servers?: string[];
                        /** @description True if its kernels may have permissions of the host; by default not */
                        permissions?: boolean;
                        /**
                         * Format: date-time
                         * @description The time of its end; by default never
                         */
                        expiresAt?: string;
                    };
                };
            };
            responses: {
                /** @description The token */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Token"] & {
                            /** @description The token, which is shown only here */
                            token: string;
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The server does not allow this */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Withdraw a token: its open connections end; for the administrator */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The token is withdrawn */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the links to app views of notebooks; for the administrator */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The links */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            apps: components["schemas"]["AppLink"][];
                        };
                    };
                };
            };
        };
        put?: never;
        /** Make a link to the app view of a notebook; for the administrator */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    /**
                     * @example {
                     *       "path": "Example.ipynb",
                     *       "viewers": 5
                     *     }
                     */
                    "application/json": {
                        /** @description The notebook that is shown */
                        path: string;
                        /**
                         * @description The most viewers at a time: each has a kernel of its own
                         * @default 10
                         */
                        viewers?: number;
                        /** @description The memory of each viewer's kernel; by default as the settings say */
                        memoryMiB?: number;
                        /**
                         * Format: date-time
                         * @description The time of its end; by default never
                         */
                        expiresAt?: string;
                    };
                };
            };
            responses: {
                /** @description The link: whoever has it sees the outputs of the notebook, run in a kernel of their own */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AppLink"] & {
                            /** @description The path of the link with its secret, which is shown only here */
                            link: string;
                        };
                    };
                };
                /** @description The request is not valid; `details` names the fields that are wrong */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Withdraw a link: what its viewers see ends; for the administrator */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The link is withdrawn */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The kernel, execution, file or notebook does not exist */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Kernel: {
            id: string;
            /** @description The kind of the kernel */
            name: string;
            namespace: string | null;
            language: string;
            /** @enum {string} */
            mode: "main_thread" | "process" | "remote" | "worker";
            /** @enum {string} */
            status: "starting" | "idle" | "busy" | "restarting" | "unreachable" | "dead";
            /** Format: date-time */
            created: string;
            /** Format: date-time */
            lastActivity: string;
            executionCount: number;
            /** @description The size of the interpreter's memory, as last heard of */
            memoryBytes: number | null;
            mounts: {
                root: string;
                mountPoint: string;
                /** @enum {string} */
                access: "ro" | "rw";
            }[];
            permissions: {
                read: boolean | string[];
                write: boolean | string[];
                net: boolean | string[];
                env: boolean | string[];
                run: boolean | string[];
                ffi: boolean | string[];
                sys: boolean | string[];
                import: boolean | string[];
            } | ("inherit" | "remote");
            /** @description In milliseconds; 0: never */
            inactivityTimeoutMs: number;
            /** @description In milliseconds; 0: never */
            maxExecutionTimeMs: number;
            /** @description An older name of inactivityTimeoutMs */
            inactivityTimeout: number;
            /** @description An older name of maxExecutionTimeMs */
            maxExecutionTime: number;
            limits: components["schemas"]["ShownKernelLimits"];
            /** @description The other server on which the kernel runs */
            remote: {
                server: string;
                kernelName: string;
                path: string | null;
            } | null;
            /**
             * Format: date-time
             * @description Jupyter's name of lastActivity
             */
            last_activity: string;
            /**
             * @description Jupyter's name of status
             * @enum {string}
             */
            execution_state: "starting" | "idle" | "busy" | "restarting" | "unknown" | "dead";
            /** @description The number of Jupyter's clients that are connected */
            connections: number;
        };
        ShownKernelLimits: components["schemas"]["KernelLimits"] & {
            /** @description null: nobody keeps this limit, because the kernel runs on another server */
            memoryMiB?: number | null;
            /** @description null: nobody keeps this limit, because the kernel runs on another server */
            filesMiB?: number | null;
            /** @description null: nobody keeps this limit, because the kernel runs on another server */
            memoryMb?: number | null;
            /** @description null: nobody keeps this limit, because the kernel runs on another server */
            filesMb?: number | null;
            /** @description null: nobody keeps this limit, because the kernel runs on another server */
            cpuSeconds?: number | null;
            /** @description null: nobody keeps this limit, because the kernel runs on another server */
            openFiles?: number | null;
        };
        KernelLimits: {
            memoryMiB: number;
            filesMiB: number;
            /** @description An older name of memoryMiB */
            memoryMb: number;
            /** @description An older name of filesMiB */
            filesMb: number;
            outputBytes: number;
            executionSeconds: number;
            cpuSeconds: number;
            queue: number;
            openFiles: number;
        };
        Error: {
            /**
             * @description The stable name of the failure, for programs
             * @example not_found
             */
            code: string;
            /** @description Says what went wrong and what to do, for people */
            message: string;
            /** @description Repeats `message`, for clients of earlier servers */
            error: string;
            /** @description Repeats `message`, for clients of FastAPI's servers */
            detail: string;
            /** @description Repeats `code`, for Jupyter's clients */
            reason: string;
            /** @description Finds the request in the server's log */
            requestId: string;
            /** @description The fields that are wrong */
            details?: {
                path: string;
                message: string;
            }[];
        };
        CreateKernel: {
            /** @description Unique on the server; by default a random UUID */
            id?: string;
            /** @description The kind of the kernel: see GET /api/kernelspecs */
            name?: string;
            /** @description Groups kernels: the full id becomes `namespace:id` */
            namespace?: string;
            /** @description The language that the kernel runs */
            language?: string;
            /**
             * @description The place where the kernel runs
             * @enum {string}
             */
            mode?: "main_thread" | "process" | "remote" | "worker";
            /** @description The other Jupyter server on which the kernel runs, by its name in the settings */
            server?: string;
            /** @description The name of the kernelspec there; by default that server's own default */
            kernelName?: string;
            /** @description The directory there, below that server's root, in which the kernel starts */
            path?: string;
            /** @description A kernel that runs there already: see GET /api/servers/{name}/kernels */
            remoteKernelId?: string;
            /** @description True if the kernel is left running there when this one ends; by default only one that ran there already is */
            keepRemote?: boolean;
            /** @description Directories of the server that Python sees as its own */
            mounts?: {
                root: string;
                mountPoint: string;
                /** @enum {string} */
                access?: "ro" | "rw";
            }[];
            /** @description One mount, in the form of earlier servers */
            filesystem?: {
                enabled: boolean;
                root?: string;
                mountPoint?: string;
            };
            /** @description The permissions of the kernel besides those of its mounts; by default none */
            permissions?: {
                read?: boolean | string[];
                write?: boolean | string[];
                net?: boolean | string[];
                env?: boolean | string[];
                run?: boolean | string[];
                ffi?: boolean | string[];
                sys?: boolean | string[];
                import?: boolean | string[];
            };
            /** @description Another place for `permissions` */
            deno?: {
                permissions?: {
                    read?: boolean | string[];
                    write?: boolean | string[];
                    net?: boolean | string[];
                    env?: boolean | string[];
                    run?: boolean | string[];
                    ffi?: boolean | string[];
                    sys?: boolean | string[];
                    import?: boolean | string[];
                };
            };
            /** @description Environment variables */
            env?: {
                [key: string]: string;
            };
            /** @description The working directory, absolute */
            cwd?: string;
            /** @description The milliseconds without work after which the kernel is shut down; 0: never */
            inactivityTimeoutMs?: number;
            /** @description An older name of `inactivityTimeoutMs` */
            inactivityTimeout?: number;
            /** @description The milliseconds after which a running execution is reported; 0: never */
            maxExecutionTimeMs?: number;
            /** @description An older name of `maxExecutionTimeMs` */
            maxExecutionTime?: number;
            /** @description True if the kernel is started again when it dies, at most 5 times in a row; by default only while Jupyter's clients follow it */
            autoRestart?: boolean;
            /** @description The most that the kernel may use: memoryMiB, filesMiB, outputBytes, executionSeconds, cpuSeconds (0: any), queue, openFiles; memoryMb and filesMb are older names of the first two */
            limits?: {
                [key: string]: unknown;
            };
            /** @description Packages that are installed from the start: names, perhaps with versions */
            packages?: string[];
            /** @description Functions that Python can call and the client answers: each call is an event `tool_call`, answered by `POST /api/executions/{id}/tools` */
            tools?: {
                [key: string]: {
                    description?: string;
                    inputSchema?: {
                        [key: string]: unknown;
                    };
                    timeoutMs?: number;
                };
            };
            /** @description True if strings may become JavaScript code, as pyodide.code.run_js needs */
            allowEval?: boolean;
            /** @description An older name of `allowEval` */
            javascript?: boolean;
        };
        UpdateKernel: {
            /** @description In milliseconds; 0: never */
            inactivityTimeoutMs?: number;
            /** @description An older name of `inactivityTimeoutMs` */
            inactivityTimeout?: number;
        };
        Execution: {
            id: string;
            kernelId: string;
            code: string;
            /**
             * @description The family of APIs by which the execution came
             * @enum {string}
             */
            origin: "native" | "jupyter" | "earlier" | "mcp" | "coderunner" | "colab" | "kernel_proxy" | "jupycell" | "e2b";
            /** @description The name of the tool that an agent called to run the code */
            tool: string | null;
            /**
             * @description `timeout`: its time limit ended it. `aborted`: it never ran, or its kernel ended under it. `lost`: the server ended under it, and nobody knows how far it came
             * @enum {string}
             */
            status: "queued" | "running" | "ok" | "error" | "aborted" | "timeout" | "lost";
            /** @description The n of In[n] */
            executionCount: number | null;
            /** @description True if the outputs leave out text because there was too much of it */
            outputsTruncated: boolean;
            /** @description The value of the last expression in each of its formats */
            result: {
                data: {
                    [key: string]: unknown;
                };
                metadata: {
                    [key: string]: unknown;
                };
            } | null;
            /** @description The exception that ended the execution, or the reason why it was aborted */
            error: {
                ename: string;
                evalue: string;
                traceback: string[];
            } | null;
            /** @description The resources that the execution used; null until it is done */
            usage: {
                queuedMs: number;
                wallMs: number;
                cpuMs: number | null;
                peakMemoryBytes: number | null;
                memoryBytes: number | null;
                outputBytes: number;
                droppedOutputBytes: number;
            } | null;
            /** @description The effect of the execution on its kernel */
            kernel: {
                statePreserved: boolean;
                restarted: boolean;
                reason: string | null;
            };
            /** @description The part of what it did that may be missing here, such as "outputs while disconnected" from a kernel of another server; absent when nothing is */
            lost?: string;
            userExpressions: {
                [key: string]: Record<string, unknown>;
            };
            payload: {
                [key: string]: unknown;
            }[];
            /** @description The number of the newest event */
            lastEvent: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            startedAt: string | null;
            /** Format: date-time */
            finishedAt: string | null;
            outputs: {
                output_type?: string;
            }[];
        };
        SubmitExecution: {
            code: string;
            /** @description The execution's id, chosen by the caller; by default a random UUID */
            id?: string;
            /** @description Interrupts the execution after this many milliseconds of running; 0: never */
            timeoutMs?: number;
            /**
             * @description True if the answer waits for the end of the execution
             * @default true
             */
            wait?: boolean;
            /**
             * @description The fate of the execution when the last client that waits for it leaves
             * @default continue
             * @enum {string}
             */
            onDisconnect?: "continue" | "interrupt";
            /** @description Lines that answer input() in turn; after the last, input() raises EOFError */
            stdin?: string[];
            /**
             * @description True if a client answers input_request events; otherwise input() raises
             * @default false
             */
            allowStdin?: boolean;
            /** @description Runs the code without a count, a history entry and a displayed value */
            silent?: boolean;
            /** @description True if the code is counted and kept in the history; by default unless `silent` */
            storeHistory?: boolean;
            /** @description Expressions to evaluate after the code, by name */
            userExpressions?: {
                [key: string]: string;
            };
        };
        ListedExecution: {
            id: string;
            kernelId: string;
            code: string;
            /**
             * @description The family of APIs by which the execution came
             * @enum {string}
             */
            origin: "native" | "jupyter" | "earlier" | "mcp" | "coderunner" | "colab" | "kernel_proxy" | "jupycell" | "e2b";
            /** @description The name of the tool that an agent called to run the code */
            tool: string | null;
            /**
             * @description `timeout`: its time limit ended it. `aborted`: it never ran, or its kernel ended under it. `lost`: the server ended under it, and nobody knows how far it came
             * @enum {string}
             */
            status: "queued" | "running" | "ok" | "error" | "aborted" | "timeout" | "lost";
            /** @description The n of In[n] */
            executionCount: number | null;
            /** @description True if the outputs leave out text because there was too much of it */
            outputsTruncated: boolean;
            /** @description The value of the last expression in each of its formats */
            result: {
                data: {
                    [key: string]: unknown;
                };
                metadata: {
                    [key: string]: unknown;
                };
            } | null;
            /** @description The exception that ended the execution, or the reason why it was aborted */
            error: {
                ename: string;
                evalue: string;
                traceback: string[];
            } | null;
            /** @description The resources that the execution used; null until it is done */
            usage: {
                queuedMs: number;
                wallMs: number;
                cpuMs: number | null;
                peakMemoryBytes: number | null;
                memoryBytes: number | null;
                outputBytes: number;
                droppedOutputBytes: number;
            } | null;
            /** @description The effect of the execution on its kernel */
            kernel: {
                statePreserved: boolean;
                restarted: boolean;
                reason: string | null;
            };
            /** @description The part of what it did that may be missing here, such as "outputs while disconnected" from a kernel of another server; absent when nothing is */
            lost?: string;
            userExpressions: {
                [key: string]: Record<string, unknown>;
            };
            payload: {
                [key: string]: unknown;
            }[];
            /** @description The number of the newest event */
            lastEvent: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            startedAt: string | null;
            /** Format: date-time */
            finishedAt: string | null;
            /** @description True if `code` is only the beginning of the code; missing when it cannot be */
            codeTruncated?: boolean;
            /** @description Only with `include=outputs` */
            outputs?: {
                output_type?: string;
            }[];
        };
        FileListing: components["schemas"]["FileEntry"] & {
            entries?: components["schemas"]["FileEntry"][];
        };
        FileEntry: {
            name: string;
            path: string;
            /** @enum {string} */
            type: "file" | "directory" | "link" | "other";
            size: number;
            /** Format: date-time */
            modified: string;
            writable: boolean;
        };
        InstalledPackages: {
            packages: {
                name: string;
                version: string;
            }[];
        };
        InstallPackages: {
            /**
             * @description Names of packages, perhaps with versions
             * @example [
             *       "six==1.16.0",
             *       "networkx"
             *     ]
             */
            packages?: string[];
            /** @description The text of a requirements.txt */
            requirements?: string;
        };
        NotebookEntry: {
            path: string;
            size: number;
            /** Format: date-time */
            modified: string;
        };
        Notebook: {
            /** @enum {number} */
            nbformat: 4;
            nbformat_minor: number;
            metadata: {
                [key: string]: unknown;
            };
            cells: {
                [key: string]: unknown;
            }[];
        } & {
            [key: string]: unknown;
        };
        LiveNotebook: {
            path: string;
            metadata: {
                [key: string]: unknown;
            };
            cells: {
                id: string;
                /** @enum {string} */
                type: "code" | "markdown" | "raw";
                source: string;
                metadata: {
                    [key: string]: unknown;
                };
                outputs: unknown[];
                executionCount: number | null;
                running: boolean;
                executionId: string | null;
            }[];
            saved: boolean;
            conflict: boolean;
        };
        Token: {
            id: string;
            namespace: string;
            scopes: ("read" | "run" | "files")[];
            /** @description null: all */
            families: ("native" | "jupyter" | "earlier" | "mcp" | "coderunner" | "colab" | "kernel_proxy" | "jupycell" | "e2b")[] | null;
            /** @description The most kernels at a time, and the highest limits of each */
            limits: {
                [key: string]: number;
            };
            requestsPerMinute: number | null;
            modes: ("main_thread" | "process" | "remote" | "worker")[];
            mounts: string[];
            servers: string[];
            permissions: boolean;
            createdAt: string | null;
            expiresAt: string | null;
            /** @description True if the token outlives the server */
            kept: boolean;
        };
        AppLink: {
            /** @description The notebook that is shown */
            path: string;
            /**
             * @description The most viewers at a time: each has a kernel of its own
             * @default 10
             */
            viewers?: number;
            /** @description The memory of each viewer's kernel; by default as the settings say */
            memoryMiB?: number;
            /**
             * Format: date-time
             * @description The time of its end; by default never
             */
            expiresAt?: string;
            id: string;
            createdAt: string;
            /** @description The number of viewers now */
            present: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
