//! Captures the log of a test.

use std::io::Write;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::{Level, Subscriber};

#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Returns a subscriber that writes into the log.
    pub(crate) fn subscriber(&self, level: Level) -> impl Subscriber + use<> {
        let log = self.clone();
        tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(false)
            .with_writer(move || log.clone())
            .finish()
    }

    /// Returns what has been logged, and empties the log.
    pub(crate) fn take(&self) -> String {
        let bytes = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        String::from_utf8(bytes).expect("utf-8")
    }
}
