//! The line editor with its keys, menu, colours and prompt.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use reedline::{
    Color, ColumnarMenu, Completer, DefaultHinter, EditCommand, Emacs, FileBackedHistory,
    InputMode, KeyCode, KeyModifiers, MenuBuilder as _, Prompt, PromptEditMode,
    PromptHistorySearch, PromptHistorySearchStatus, Reedline, ReedlineEvent, ReedlineMenu,
    default_emacs_keybindings,
};

use super::highlighter::Colours;
use super::validator::Ends;

const MENU: &str = "completions";

/// An editor on the terminal; `stop` ends its reading from outside.
pub(super) fn editor(
    history: Option<FileBackedHistory>,
    completer: Box<dyn Completer + Send>,
    color: bool,
    stop: Arc<AtomicBool>,
) -> Reedline {
    let menu = ColumnarMenu::default()
        .with_name(MENU)
        .with_columns(1)
        .with_input_mode(InputMode::FullBuffer)
        .with_marker("> ");
    let hinter = DefaultHinter::default()
        .with_style(Color::DarkGray.normal())
        .with_min_chars(2);
    let mut editor = Reedline::create()
        .with_completer(completer)
        .with_quick_completions(true)
        .with_partial_completions(true)
        .with_menu(ReedlineMenu::EngineCompleter(Box::new(menu)))
        .with_edit_mode(Box::new(Emacs::new(keys())))
        .with_highlighter(Box::new(Colours { color }))
        .with_hinter(Box::new(hinter))
        .with_validator(Box::new(Ends))
        .with_ansi_colors(color)
        .use_bracketed_paste(true)
        .with_break_signal(stop);
    if let Some(history) = history {
        editor = editor.with_history(Box::new(history));
    }
    editor
}

fn keys() -> reedline::Keybindings {
    let mut keys = default_emacs_keybindings();
    let menu = ReedlineEvent::UntilFound(vec![
        ReedlineEvent::Menu(MENU.to_owned()),
        ReedlineEvent::MenuNext,
    ]);
    keys.add_binding(KeyModifiers::NONE, KeyCode::Tab, menu);
    keys.add_binding(
        KeyModifiers::SHIFT,
        KeyCode::BackTab,
        ReedlineEvent::MenuPrevious,
    );
    let newline = ReedlineEvent::Edit(vec![EditCommand::InsertNewline]);
    keys.add_binding(KeyModifiers::ALT, KeyCode::Enter, newline);
    keys
}

/// `latido> `, and dots under it.
pub(super) struct Latido;

impl Prompt for Latido {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        Cow::Borrowed("latido")
    }

    fn render_prompt_right(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }

    fn render_prompt_indicator(&self, _mode: PromptEditMode) -> Cow<'_, str> {
        Cow::Borrowed("> ")
    }

    fn render_prompt_multiline_indicator(&self) -> Cow<'_, str> {
        Cow::Borrowed("   ...> ")
    }

    fn render_prompt_history_search_indicator(&self, search: PromptHistorySearch) -> Cow<'_, str> {
        let failing = match search.status {
            PromptHistorySearchStatus::Passing => "",
            PromptHistorySearchStatus::Failing => "nothing with ",
        };
        Cow::Owned(format!(" ({failing}history: {}) ", search.term))
    }

    fn get_prompt_color(&self) -> Color {
        Color::Cyan
    }

    fn get_prompt_multiline_color(&self) -> Color {
        Color::DarkGray
    }

    fn get_indicator_color(&self) -> Color {
        Color::Cyan
    }
}
