"""Do the tests run unchanged where machines share their work?"""
