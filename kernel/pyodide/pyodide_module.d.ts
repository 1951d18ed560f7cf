import type { CreatePyodideModule } from "./emscripten.ts";

declare const createPyodideModule: CreatePyodideModule;
export default createPyodideModule;
