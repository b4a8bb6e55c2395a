"""What must hold of the whole project, whatever a module does?"""
