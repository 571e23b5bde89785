use cors_runtime::axum::cors;

#[cors(origins = [
    regex(r"https://([a-z]+\.example\.com"),
    regex(r"https://[a-z+\.example\.com"),
    regex(r"https://(?!evil)[a-z]+\.example\.com"),
    regex(r"https://([a-z]+)\.\1\.example\.com"),
    regex(r"https://\p{Greek}+\.example\.com"),
    regex(r"https://((([a-z]{1,100}){1,100}){1,100}){1,100}\.example\.com"),
    regex(""),
])]
async fn list() {}

fn main() {}
