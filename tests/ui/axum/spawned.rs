use cors_runtime::axum::cors;

#[cors(origins = "*")]
async fn list() {}

fn run() {
    tokio::spawn(list());
}

fn main() {}
