import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
  moveCompletionSelection,
  selectedCompletion,
  startCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, indentLess, insertTab, toggleComment } from "@codemirror/commands";
import { markdown } from "@codemirror/lang-markdown";
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { Compartment, EditorState, type Extension, Prec } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { effect, type Signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { difference } from "../../services/notebooks/text_difference.ts";
import { imagesIn } from "../notebook/attached_images.ts";
import { codeSupport } from "./code_support.ts";
import { kernelCompletion } from "./completion.ts";
import { type MarkedRange, markedRanges, markRanges } from "./found.ts";
import { hoverInspection } from "./hover.ts";
import { hideSignature, signatureHelp } from "./signature.ts";
import { hideInspection, inspectionTooltip, showInspection } from "./inspection.ts";

/** `EditorActions` are the callbacks of an editor to its cell. */
export interface EditorActions {
  onChange(text: string): void;
  onFocus(): void;
  onEscape(): void;
  /**
   * Called when an arrow key would move the cursor out of the text; returns true if another cell
   * took the focus.
   */
  onLeave(by: 1 | -1): boolean;
  onSplit(position: number): void;
  /** Called with images that were pasted or dropped at a place of the text. */
  onImages(images: readonly File[], position: number): void;
}

/** Options for {@linkcode CodeEditor}. */
export interface CodeEditorProps {
  source: Signal<string>;
  language: "code" | "markdown" | "raw";
  /** The language of code, which is coloured by it. */
  codeLanguage: string;
  label: string;
  /** True if the editor is to have the focus. */
  focused: boolean;
  /** A counter; the editor takes the focus again when it changes. */
  focusRequest: number;
  lineNumbers: boolean;
  kernelId: () => string | null;
  /** True while somebody else changes the text. */
  keepsCursor: () => boolean;
  /** Returns the parts of the text to mark; what it reads is followed. */
  marked: () => readonly MarkedRange[];
  actions: EditorActions;
}

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

/** A CodeMirror editor that shows a signal and tells of changes. The notebook has the history. */
export function CodeEditor(props: CodeEditorProps) {
  const parent = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const numbers = useRef(new Compartment());
  // The editor lives longer than one render, so its callbacks read the current properties.
  const current = useRef(props);
  current.current = props;

  useLayoutEffect(() => {
    const view = new EditorView({
      parent: parent.current!,
      state: EditorState.create({
        doc: props.source.peek(),
        extensions: [
          numbers.current.of(props.lineNumbers ? lineNumbers() : []),
          extensionsFor(() => current.current),
        ],
      }),
    });
    editor.current = view;
    const stop = effect(() => {
      const text = props.source.value;
      const change = difference(view.state.doc.toString(), text);
      if (!change) return;
      // The cursor goes where the reader changes the text, as in an undo.
      if (current.current.keepsCursor()) view.dispatch({ changes: change });
      else view.dispatch({ changes: change, selection: { anchor: change.end } });
    });
    let wasMarked = false;
    const stopMarking = effect(() => {
      void props.source.value;
      const ranges = current.current.marked();
      if (ranges.length > 0 || wasMarked) markRanges(view, ranges);
      wasMarked = ranges.length > 0;
    });
    return () => {
      stop();
      stopMarking();
      view.destroy();
    };
  }, [props.source, props.language, props.codeLanguage]);

  useLayoutEffect(() => {
    editor.current?.dispatch({
      effects: numbers.current.reconfigure(props.lineNumbers ? lineNumbers() : []),
    });
  }, [props.lineNumbers]);

  useLayoutEffect(() => {
    const view = editor.current;
    if (!view || props.focused === view.hasFocus) return;
    if (props.focused) view.focus();
    else view.contentDOM.blur();
  }, [props.focused, props.focusRequest, props.language, props.codeLanguage]);

  return <div class="code-editor" ref={parent} />;
}

function extensionsFor(props: () => CodeEditorProps): Extension {
  const { language, codeLanguage, label } = props();
  const isCode = language === "code";
  return [
    EditorView.cspNonce.of(nonce),
    drawSelection(),
    markedRanges,
    bracketMatching(),
    closeBrackets(),
    indentOnInput(),
    indentUnit.of("    "),
    syntaxHighlighting(classHighlighter),
    isCode
      ? codeSupport(codeLanguage) ?? []
      : language === "markdown"
      ? [markdown(), EditorView.lineWrapping, imageInput(props)]
      : [],
    isCode
      ? [
        autocompletion({
          override: [kernelCompletion(() => props().kernelId())],
          activateOnTypingDelay: 150,
          // Keys do the same at any time: Enter accepts only a completion that was chosen before.
          interactionDelay: 0,
          selectOnOpen: false,
          defaultKeymap: false,
          icons: false,
        }),
        inspectionTooltip,
        hoverInspection(() => props().kernelId()),
        signatureHelp(() => props().kernelId()),
      ]
      : [],
    // Tab passes over the text, in which it indents; Enter on the cell opens it.
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "-1" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) props().actions.onChange(update.state.doc.toString());
      if (update.focusChanged && update.view.hasFocus) props().actions.onFocus();
    }),
    Prec.highest(keymap.of(cellKeys(props))),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
    ]),
  ];
}

/** Takes images that are pasted or dropped into the text. */
function imageInput(props: () => CodeEditorProps): Extension {
  function take(event: ClipboardEvent | DragEvent, position: number): boolean {
    const images = imagesIn("clipboardData" in event ? event.clipboardData : event.dataTransfer);
    if (images.length === 0) return false;
    event.preventDefault();
    event.stopPropagation();
    props().actions.onImages(images, position);
    return true;
  }
  return EditorView.domEventHandlers({
    paste: (event, view) => take(event, view.state.selection.main.head),
    drop: (event, view) =>
      take(
        event,
        view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? view.state.doc.length,
      ),
  });
}

function cellKeys(props: () => CodeEditorProps) {
  return [
    { key: "Tab", run: (view: EditorView) => acceptFirst(view) || completeOrIndent(view) },
    {
      key: "Shift-Tab",
      run: (view: EditorView) => {
        if (isInIndentation(view) || props().language !== "code") return indentLess(view);
        void showInspection(view, props().kernelId());
        return true;
      },
    },
    { key: "Ctrl-Shift--", run: (view: EditorView) => split(view, props()) },
    { key: "Ctrl-Shift-_", run: (view: EditorView) => split(view, props()) },
    { key: "Mod-/", run: toggleComment },
    { key: "ArrowUp", run: (view: EditorView) => leave(view, -1, props()) },
    { key: "ArrowDown", run: (view: EditorView) => leave(view, 1, props()) },
    {
      key: "Escape",
      run: (view: EditorView) => {
        if (hideInspection(view) || hideSignature(view)) return true;
        closeCompletion(view);
        props().actions.onEscape();
        return true;
      },
    },
  ];
}

/** Accepts the chosen completion of an open list, or its first one. */
function acceptFirst(view: EditorView): boolean {
  if (completionStatus(view.state) !== "active") return false;
  if (!selectedCompletion(view.state)) moveCompletionSelection(true)(view);
  return acceptCompletion(view);
}

function completeOrIndent(view: EditorView): boolean {
  if (!view.state.selection.main.empty || isInIndentation(view)) return insertTab4(view);
  return startCompletion(view) || insertTab4(view);
}

function insertTab4(view: EditorView): boolean {
  if (!view.state.selection.main.empty) return insertTab(view);
  view.dispatch(view.state.replaceSelection("    "));
  return true;
}

function isInIndentation({ state }: EditorView): boolean {
  const { head } = state.selection.main;
  const line = state.doc.lineAt(head);
  return state.sliceDoc(line.from, head).trim() === "";
}

function split(view: EditorView, { actions }: CodeEditorProps): boolean {
  actions.onSplit(view.state.selection.main.head);
  return true;
}

function leave(view: EditorView, by: 1 | -1, { actions }: CodeEditorProps): boolean {
  const { head, empty } = view.state.selection.main;
  if (!empty || view.dom.querySelector(".cm-tooltip-autocomplete")) return false;
  const { doc } = view.state;
  const edge = by < 0 ? 1 : doc.lines;
  return doc.lineAt(head).number === edge && actions.onLeave(by);
}
