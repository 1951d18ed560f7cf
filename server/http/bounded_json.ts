export { DOCUMENT_BOUNDS, parseJson, REQUEST_BOUNDS } from "../services/files/bounded_json.ts";
