//! A client of rust-analyzer: the part of the Language Server Protocol that the test needs.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(300);
/// The error of a request that was overtaken by a change.
const CONTENT_MODIFIED: i64 = -32801;

pub(crate) struct LanguageServer {
    process: Child,
    stdin: ChildStdin,
    messages: Receiver<Value>,
    uri: String,
    text: String,
    last_id: u64,
}

impl LanguageServer {
    /// Starts rust-analyzer for a small package. Returns `None` if rust-analyzer is not installed.
    pub(crate) fn start() -> Option<Self> {
        let version = Command::new("rust-analyzer").arg("--version").output();
        if !version.is_ok_and(|it| it.status.success()) {
            return None;
        }
        let folder = package();
        let mut process = Command::new("rust-analyzer")
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("rust-analyzer starts");
        let stdin = process.stdin.take().expect("piped");
        let stdout = process.stdout.take().expect("piped");
        let (sender, messages) = channel();
        thread::spawn(move || receive(BufReader::new(stdout), &sender));
        let mut server = Self {
            process,
            stdin,
            messages,
            uri: format!("file://{}/src/main.rs", folder.display()),
            text: String::new(),
            last_id: 0,
        };
        server.initialize(&folder);
        Some(server)
    }

    fn initialize(&mut self, folder: &Path) {
        let params = json!({
            "processId": null,
            "rootUri": format!("file://{}", folder.display()),
            "capabilities": {
                "experimental": { "serverStatusNotification": true },
                "textDocument": { "hover": { "contentFormat": ["markdown"] } },
                "workspace": { "workspaceEdit": { "documentChanges": true } },
            },
            "initializationOptions": { "checkOnSave": false, "cachePriming": { "enable": false } },
        });
        self.request("initialize", &params);
        self.notify("initialized", &json!({}));
        let document = json!({ "uri": self.uri, "languageId": "rust", "version": 0, "text": "" });
        self.notify("textDocument/didOpen", &json!({ "textDocument": document }));
        loop {
            let message = self.message();
            let is_status = message["method"] == "experimental/serverStatus";
            if is_status && message["params"]["quiescent"] == true {
                assert_eq!(message["params"]["health"], "ok", "{message}");
                return;
            }
        }
    }

    /// Returns the hover text at the cursor.
    pub(crate) fn hover(&mut self, source: &str) -> String {
        let result = self.request_at("hover", source, json!({}));
        let text = result["contents"]["value"].as_str();
        text.unwrap_or_default().to_owned()
    }

    /// Returns the source from the definition of the name at the cursor.
    pub(crate) fn definition(&mut self, source: &str) -> String {
        let result = self.request_at("definition", source, json!({}));
        let start = &result[0]["range"]["start"];
        let line = start["line"]
            .as_u64()
            .and_then(|it| usize::try_from(it).ok());
        let column = start["character"]
            .as_u64()
            .and_then(|it| usize::try_from(it).ok());
        let (Some(line), Some(column)) = (line, column) else {
            return result.to_string();
        };
        let lines = self.text.lines().skip(line).collect::<Vec<_>>().join("\n");
        lines[column..].to_owned()
    }

    /// Returns the number of places that a rename changes.
    pub(crate) fn rename(&mut self, source: &str, name: &str) -> usize {
        let result = self.request_at("rename", source, json!({ "newName": name }));
        let edits = &result["documentChanges"][0]["edits"];
        edits.as_array().map_or(0, Vec::len)
    }

    pub(crate) fn completions(&mut self, source: &str) -> Vec<String> {
        let result = self.request_at("completion", source, json!({}));
        let items = result["items"].as_array().or(result.as_array());
        let labels = items.into_iter().flatten();
        labels
            .filter_map(|it| it["label"].as_str().map(str::to_owned))
            .collect()
    }

    /// Shows the source without the `^` to the server, and makes a request at the place of the `^`.
    fn request_at(&mut self, method: &str, source: &str, mut params: Value) -> Value {
        let (before, after) = source.split_once('^').expect("a cursor");
        self.text = format!("{before}{after}");
        let change = json!({
            "textDocument": { "uri": self.uri, "version": self.last_id },
            "contentChanges": [{ "text": self.text }],
        });
        self.notify("textDocument/didChange", &change);
        params["textDocument"] = json!({ "uri": self.uri });
        let column = before.len() - before.rfind('\n').map_or(0, |it| it + 1);
        let line = before.matches('\n').count();
        params["position"] = json!({ "line": line, "character": column });
        self.request(&format!("textDocument/{method}"), &params)
    }

    fn request(&mut self, method: &str, params: &Value) -> Value {
        loop {
            self.last_id += 1;
            let id = self.last_id;
            let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
            self.send(&request);
            let mut response = self.message();
            while response["id"] != id || response["method"].is_string() {
                response = self.message();
            }
            if response["error"]["code"] != CONTENT_MODIFIED {
                assert!(response["error"].is_null(), "{request}: {response}");
                return response["result"].take();
            }
        }
    }

    fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("it listens");
        self.stdin.flush().expect("it listens");
    }

    /// Returns the next message. Responds to the requests of the server with `null`.
    fn message(&mut self) -> Value {
        let message = self.messages.recv_timeout(PATIENCE);
        let message = message.expect("rust-analyzer responds");
        if message["method"].is_string() && !message["id"].is_null() {
            self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
        }
        message
    }
}

impl Drop for LanguageServer {
    fn drop(&mut self) {
        // Fails if the process has ended.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn receive(mut stdout: BufReader<ChildStdout>, messages: &Sender<Value>) {
    while let Some(message) = read_message(&mut stdout) {
        if messages.send(message).is_err() {
            return;
        }
    }
}

/// Returns the next message, or `None` at the end.
fn read_message(stdout: &mut BufReader<ChildStdout>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    stdout.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// Writes a package that depends on `cors-runtime`, with the locked versions of the workspace.
fn package() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let workspace = workspace.canonicalize().expect("the workspace");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("editor");
    let manifest = format!(
        "[package]\nname = \"editor\"\nedition = \"2024\"\n\
         [dependencies]\n\
         axum = {{ version = \"0.8\", default-features = false }}\n\
         cors-runtime = {{ path = '{}', features = [\"axum\"] }}\n\
         [workspace]\n",
        workspace.join("cors-runtime").display()
    );
    fs::create_dir_all(folder.join("src")).expect("a folder");
    fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file");
    fs::write(folder.join("src/main.rs"), "fn main() {}\n").expect("a source file");
    folder
}
