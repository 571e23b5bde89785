//! A response as plain data, for comparison.

use std::fmt;

use crate::request::PlainRequest;
use crate::services::RAN;

/// The response that an adapter received.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) lines: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

/// The parts of a response that the protocol determines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The lines whose names start with `access-control-`, sorted. A repeated line is listed twice.
    pub(crate) cors: Vec<(String, String)>,
    /// The elements of all `Vary` lines in lower case, sorted. A repeated element is listed twice.
    pub(crate) vary: Vec<String>,
    /// Whether the handler ran.
    pub(crate) ran: bool,
    /// Parts that a response must not have.
    pub(crate) faults: Vec<&'static str>,
}

impl Reply {
    pub(crate) fn to_answer(&self, sent: &PlainRequest) -> Answer {
        let ours = |(name, _): &&(String, Vec<u8>)| name.starts_with("access-control-");
        let cors = self.lines.iter().filter(ours);
        let mut cors: Vec<_> = cors
            .map(|(name, value)| (name.clone(), value.escape_ascii().to_string()))
            .collect();
        cors.sort();
        Answer {
            status: self.status,
            cors,
            vary: self.vary(),
            ran: self.has(RAN),
            faults: self.faults(sent),
        }
    }

    fn has(&self, wanted: &str) -> bool {
        self.lines.iter().any(|(name, _)| name == wanted)
    }

    fn vary(&self) -> Vec<String> {
        let lines = self.lines.iter().filter(|(name, _)| name == "vary");
        let tokens = lines.flat_map(|(_, line)| line.split(|&byte| byte == b','));
        let tokens = tokens.map(|token| token.trim_ascii().to_ascii_lowercase());
        let mut tokens: Vec<_> = tokens
            .map(|token| token.escape_ascii().to_string())
            .collect();
        tokens.sort();
        tokens
    }

    fn faults(&self, sent: &PlainRequest) -> Vec<&'static str> {
        let preflight = sent.is_preflight();
        let faults = [
            (preflight && !self.body.is_empty(), "a body"),
            (preflight && self.has("allow"), "`Allow`"),
        ];
        let faults = faults.into_iter().filter(|(is_there, _)| *is_there);
        faults.map(|(_, fault)| fault).collect()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ran = if self.ran { "ran" } else { "did not run" };
        write!(f, "{}, the handler {ran}", self.status)?;
        for (name, value) in &self.cors {
            write!(f, "; {name}: {value}")?;
        }
        write!(f, "; vary: [{}]", self.vary.join(", "))?;
        for fault in &self.faults {
            write!(f, "; {fault} on a preflight")?;
        }
        Ok(())
    }
}
