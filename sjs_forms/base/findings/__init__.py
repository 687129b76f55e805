"""What is wrong or noteworthy about an application, as values: findings, their places, remedies."""
