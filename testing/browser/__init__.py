"""Do the HTML reports work in a browser? Tests in headless Chromium."""
