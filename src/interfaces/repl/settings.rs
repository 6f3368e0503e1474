//! Commands that change how the shell behaves; each says what holds from now on.

use super::command::{Command, Expanded};
use super::shell::Shell;
use crate::error::{Error, Result};
use crate::interfaces::output::Format;

impl Shell {
    /// Does what a setting asks for.
    pub(super) fn set(&mut self, setting: Command) -> Result<()> {
        let told = match setting {
            Command::Timing(to) => {
                self.view.timing = to.unwrap_or(!self.view.timing);
                format!("timing is {}", word(self.view.timing))
            }
            Command::Pager(to) => {
                self.view.pager = to.unwrap_or(!self.view.pager);
                format!("the pager is {}", word(self.view.pager))
            }
            Command::Expanded(to) => self.expand(to),
            Command::Format(to) => self.format(to)?,
            Command::Unset(name) => match self.variables.remove(&name) {
                Some(_) => format!("${name} is forgotten"),
                None => return Err(Error::Usage(format!("there is no variable ${name}"))),
            },
            Command::Set(Some((name, value))) => {
                let told = format!("${name} = {value}");
                self.variables.insert(name, value);
                told
            }
            _ => self.listed(),
        };
        self.remark(&told)
    }

    fn expand(&mut self, to: Option<Expanded>) -> String {
        let turned = match self.view.expanded {
            Expanded::Off => Expanded::On,
            _ => Expanded::Off,
        };
        self.view.expanded = to.unwrap_or(turned);
        let state = format!("{:?}", self.view.expanded).to_lowercase();
        format!("expanded mode is {state}")
    }

    fn format(&mut self, to: Option<Format>) -> Result<String> {
        let format = to.unwrap_or(self.view.format);
        let name = format!("{format:?}").to_lowercase();
        if format.is_binary() {
            return Err(Error::Usage(format!(
                "{name} is not for a terminal; write \\o file.{name}"
            )));
        }
        self.view.format = format;
        Ok(format!("results are written as {name}"))
    }

    fn listed(&self) -> String {
        let line = |(name, value): (&String, &String)| format!("${name} = {value}");
        let lines: Vec<String> = self.variables.iter().map(line).collect();
        match lines.is_empty() {
            true => "no variables; \\set name value binds $name in statements".to_owned(),
            false => lines.join("\n"),
        }
    }
}

fn word(is_on: bool) -> &'static str {
    if is_on { "on" } else { "off" }
}
