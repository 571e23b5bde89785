use cors_runtime::axum::cors;

#[cors(
    origins = [
        "http://intranet.example",
        "http://*.example.com:8080",
        "http://192.168.0.10:*",
        "http://[fe80::1]",
        // Valid: the origin is on the same machine, or belongs to an application.
        "http://localhost:*",
        "http://app.localhost",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
        "tauri://localhost",
    ],
    credentials,
)]
async fn list() {}

fn main() {}
